import { linkOptions } from "@tanstack/react-router";
import type { ApprovalView } from "./approvals-view";

/** Every address of the app, as what a link or a navigation takes. */
export const paths = {
  home: () => linkOptions({ to: "/" }),
  whichAgency: (next?: string) =>
    linkOptions({ to: "/sign-in", search: next === undefined ? {} : { next } }),
  signIn: (agency: string, next?: string) =>
    linkOptions({
      to: "/$agency/sign-in",
      params: { agency },
      search: next === undefined ? {} : { next },
    }),
  forgotPassword: (agency: string) =>
    linkOptions({ to: "/$agency/forgot-password", params: { agency } }),
  insureds: () => linkOptions({ to: "/insureds" }),
  newInsured: () => linkOptions({ to: "/insureds/new" }),
  insured: (insured: string) => linkOptions({ to: "/insureds/$insured", params: { insured } }),
  /** With `back`, the path to return to from a detour. */
  editInsured: (insured: string, back?: string) =>
    linkOptions({
      to: "/insureds/$insured/edit",
      params: { insured },
      search: back === undefined ? {} : { back },
    }),
  policies: (insured: string) =>
    linkOptions({ to: "/insureds/$insured/policies", params: { insured } }),
  policy: (insured: string, policy: string) =>
    linkOptions({ to: "/insureds/$insured/policies/$policy", params: { insured, policy } }),
  editPolicy: (insured: string, policy: string) =>
    linkOptions({ to: "/insureds/$insured/policies/$policy/edit", params: { insured, policy } }),
  renewPolicy: (insured: string, policy: string) =>
    linkOptions({ to: "/insureds/$insured/policies/$policy/renew", params: { insured, policy } }),
  certificatesSent: (insured: string) =>
    linkOptions({ to: "/insureds/$insured/documents/certificates", params: { insured } }),
  masters: (insured: string) =>
    linkOptions({ to: "/insureds/$insured/masters", params: { insured } }),
  newMaster: (insured: string) =>
    linkOptions({ to: "/insureds/$insured/masters/new", params: { insured } }),
  master: (insured: string, master: string, back?: string) =>
    linkOptions({
      to: "/insureds/$insured/masters/$master",
      params: { insured, master },
      search: back === undefined ? {} : { back },
    }),
  interests: (insured: string) =>
    linkOptions({ to: "/insureds/$insured/interests", params: { insured } }),
  newInterest: (insured: string) =>
    linkOptions({ to: "/insureds/$insured/interests/new", params: { insured } }),
  interest: (insured: string, interest: string) =>
    linkOptions({ to: "/insureds/$insured/interests/$interest", params: { insured, interest } }),
  portalUser: (insured: string) =>
    linkOptions({ to: "/insureds/$insured/portal", params: { insured } }),
  activity: (insured: string) =>
    linkOptions({ to: "/insureds/$insured/activity", params: { insured } }),
  sendCertificate: (
    insured: string,
    start: { master?: string; holder?: string; interest?: string } = {},
  ) => linkOptions({ to: "/insureds/$insured/send", params: { insured }, search: start }),
  holders: (filter: { q?: string; archived?: true; group?: string } = {}) =>
    linkOptions({ to: "/holders", search: filter }),
  holderGroups: () => linkOptions({ to: "/holders/groups" }),
  holderGroup: (group: string) => linkOptions({ to: "/holders/groups/$group", params: { group } }),
  newHolder: () => linkOptions({ to: "/holders/new" }),
  holder: (holder: string) => linkOptions({ to: "/holders/$holder", params: { holder } }),
  /** A holder as one insured has it. */
  holderLink: (holder: string, insured: string) =>
    linkOptions({ to: "/holders/$holder/insureds/$insured", params: { holder, insured } }),
  /** With `back`, the path to return to from a detour. */
  editHolderLink: (holder: string, insured: string, back?: string) =>
    linkOptions({
      to: "/holders/$holder/insureds/$insured/edit",
      params: { holder, insured },
      search: back === undefined ? {} : { back },
    }),
  editHolder: (holder: string) => linkOptions({ to: "/holders/$holder/edit", params: { holder } }),
  approvals: (view?: ApprovalView) =>
    linkOptions({ to: "/certificates/approvals", search: view === undefined ? {} : { view } }),
  approval: (approval: string) =>
    linkOptions({ to: "/certificates/approvals/$approval", params: { approval } }),
  certificates: (filter: { holder?: string; batch?: string } = {}) =>
    linkOptions({ to: "/certificates", search: filter }),
  reviseCertificate: (insured: string, certificate: string) =>
    linkOptions({
      to: "/insureds/$insured/send",
      params: { insured },
      search: { revises: certificate },
    }),
  /** The draft of a request for approval, taken up again. */
  sendAgain: (approval: { insured_id: string; id: string; revises?: string | null }) =>
    linkOptions({
      to: "/insureds/$insured/send",
      params: { insured: approval.insured_id },
      search: {
        approval: approval.id,
        ...(approval.revises ? { revises: approval.revises } : {}),
      },
    }),
  certificate: (certificate: string) =>
    linkOptions({ to: "/certificates/$certificate", params: { certificate } }),
  batches: () => linkOptions({ to: "/certificates/batches" }),
  batch: (batch: string) => linkOptions({ to: "/certificates/batches/$batch", params: { batch } }),
  batchesOf: (insured: string) =>
    linkOptions({ to: "/insureds/$insured/documents/batches", params: { insured } }),
  /** With `find`, what to look for in the library. */
  sendMany: (insured: string, start: { master?: string; find?: string } = {}) =>
    linkOptions({ to: "/insureds/$insured/bulk", params: { insured }, search: start }),
  renewalRun: (insured: string, start: { master?: string } = {}) =>
    linkOptions({ to: "/insureds/$insured/renewal", params: { insured }, search: start }),
  templates: () => linkOptions({ to: "/settings/templates" }),
  stateRules: () => linkOptions({ to: "/settings/state-rules" }),
  agency: () => linkOptions({ to: "/settings/agency" }),
  imports: () => linkOptions({ to: "/settings/import" }),
  newImport: () => linkOptions({ to: "/settings/import/new" }),
  import: (id: string) => linkOptions({ to: "/settings/import/$import", params: { import: id } }),
  failedMail: () => linkOptions({ to: "/settings/mail" }),
};
