import { linkOptions } from "@tanstack/react-router";

/** Every address of the app, as what a link or a navigation takes. */
export const paths = {
  home: () => linkOptions({ to: "/" }),
  whichAgency: () => linkOptions({ to: "/sign-in" }),
  signIn: (agency: string) => linkOptions({ to: "/$agency/sign-in", params: { agency } }),
  forgotPassword: (agency: string) =>
    linkOptions({ to: "/$agency/forgot-password", params: { agency } }),
  insureds: () => linkOptions({ to: "/insureds" }),
  newInsured: () => linkOptions({ to: "/insureds/new" }),
  insured: (insured: string) => linkOptions({ to: "/insureds/$insured", params: { insured } }),
  editInsured: (insured: string) =>
    linkOptions({ to: "/insureds/$insured/edit", params: { insured } }),
  policies: (insured: string, policy?: string) =>
    linkOptions({
      to: "/insureds/$insured/policies",
      params: { insured },
      search: policy === undefined ? {} : { policy },
    }),
  certificatesSent: (insured: string) =>
    linkOptions({ to: "/insureds/$insured/documents/certificates", params: { insured } }),
  masters: (insured: string) =>
    linkOptions({ to: "/insureds/$insured/masters", params: { insured } }),
  newMaster: (insured: string) =>
    linkOptions({ to: "/insureds/$insured/masters/new", params: { insured } }),
  master: (insured: string, master: string) =>
    linkOptions({ to: "/insureds/$insured/masters/$master", params: { insured, master } }),
  portalUser: (insured: string) =>
    linkOptions({ to: "/insureds/$insured/portal", params: { insured } }),
  activity: (insured: string) =>
    linkOptions({ to: "/insureds/$insured/activity", params: { insured } }),
  sendCertificate: (insured: string, start: { master?: string; holder?: string } = {}) =>
    linkOptions({ to: "/insureds/$insured/send", params: { insured }, search: start }),
  certificates: () => linkOptions({ to: "/certificates" }),
  certificate: (certificate: string) =>
    linkOptions({ to: "/certificates/$certificate", params: { certificate } }),
  agency: () => linkOptions({ to: "/settings/agency" }),
  imports: () => linkOptions({ to: "/settings/import" }),
  import: (id: string) => linkOptions({ to: "/settings/import/$import", params: { import: id } }),
  failedMail: () => linkOptions({ to: "/settings/mail" }),
};
