import { linkOptions } from "@tanstack/react-router";

export type Step = "what" | "look" | "who";

/** Every address of the app, as what a link or a navigation takes. */
export const paths = {
  home: () => linkOptions({ to: "/" }),
  whichAgency: (search: { next?: string } = {}) => linkOptions({ to: "/sign-in", search }),
  signIn: (agency: string) => linkOptions({ to: "/$agency/sign-in", params: { agency } }),
  forgotPassword: (agency: string) =>
    linkOptions({ to: "/$agency/forgot-password", params: { agency } }),
  suspended: (agency: string) => linkOptions({ to: "/$agency/suspended", params: { agency } }),
  policies: () => linkOptions({ to: "/policies" }),
  policy: (policy: string) => linkOptions({ to: "/policies/$policy", params: { policy } }),
  send: (start: { master?: string; holder?: string; step?: Step } = {}) =>
    linkOptions({ to: "/send", search: start }),
  certificates: () => linkOptions({ to: "/certificates" }),
  certificate: (certificate: string, open: { again?: true } = {}) =>
    linkOptions({ to: "/certificates/$certificate", params: { certificate }, search: open }),
  certificatePage: (certificate: string) =>
    linkOptions({ to: "/certificates/$certificate/page", params: { certificate } }),
  certificateSent: (certificate: string) =>
    linkOptions({ to: "/certificates/$certificate/sent", params: { certificate } }),
};
