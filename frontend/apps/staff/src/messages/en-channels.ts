/** Texts about how a mail carries a certificate, and about the links that it may carry in its place. */
export const channels = {
  label: "How the mail carries it",
  attachment: "Attach the PDF",
  link: "Send a link",
  linkText:
    "Opens without an account for 90 days. You see when it is opened and downloaded, and can turn it off.",
  named: { attachment: "PDF attached", link: "Secure link" },
  prefers: {
    attachment: "This holder prefers the PDF attached.",
    link: "This holder prefers a secure link.",
  },
  preference: "Delivery",
  preferenceHint: "How its certificates are mailed unless the sender says otherwise",
  noPreference: "No preference",
  each: "As each holder prefers",
  eachText: "Holders without a preference get the PDF attached. Each row tells how it goes.",
  ofBatch: {
    attachment: "PDFs attached",
    link: "Secure links",
    each: "Mailed as each holder prefers",
  },
  on: (day: string) => `Link, works until ${day}`,
  expired: (day: string) => `Link, expired on ${day}`,
  off: (who: string) => `Link, turned off by ${who}`,
  turnOff: "Turn off link",
  turnOffOf: (who: string) => `Turn off link sent to ${who}`,
  turnOffTitle: "Turn off this link?",
  turnOffText: (who: string) =>
    `From now on the link sent to ${who} opens nothing, and its page says so. It cannot be turned on again; send the certificate again for another one.`,
  wasOpened: "It was opened already. What was downloaded then cannot be taken back.",
  neverOpened: "Nobody has opened it.",
  turnedOffNow: "The link is turned off.",
  portal: "Certificates that insureds send in the portal",
  portalHint:
    "Whether their mail carries the PDF or a link that you can turn off. A holder with a preference gets what it prefers.",
};
