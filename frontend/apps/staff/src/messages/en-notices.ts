const count = (n: number, one: string, other: string) =>
  `${n.toLocaleString("en-US")} ${n === 1 ? one : other}`;

/** Texts of the courtesy notice of a cancellation. */
export const notices = {
  column: "Courtesy notice",
  notYet: "Not sent",
  send: "Send courtesy notice",
  /** Of a policy that is in force again: what its holder was told before. */
  toldOf: (day: string) => `Told: cancelled as of ${day}`,
  certificateSince: "New certificate since",
  sendCertificate: "Send certificate",
  sendCertificateTo: (holder: string) => `Send certificate to ${holder}`,
  reinstated:
    "This policy is not cancelled any more, and some holders were told that it is. A new certificate tells them what is in force now.",
  mayNot: "Your security group does not allow sending to certificate holders.",
  allTold: "Everybody who can be reached by email has been told.",
  title: (policy: string) => `Courtesy notice: policy ${policy} is cancelled`,
  text: "Each chosen holder gets one email. It is a courtesy: it promises nothing, gives no right to notice, and says that the insurer alone gives notice.",
  holders: "Who holds a certificate that names this policy",
  chooseAll: (n: number) => `Choose all ${n.toLocaleString("en-US")}`,
  chooseNone: "Choose none",
  noAddress: "no email address, so it must be told in another way",
  told: (when: string, who: string) => `told ${when} by ${who}`,
  onItsWay: (who: string) => `on its way, sent by ${who}`,
  failed: "the last notice could not be mailed",
  cameBack: (addresses: string) => `the last notice came back from ${addresses}`,
  certificates: (n: number) => count(n, "certificate", "certificates"),
  nobody: "Nobody holds a live certificate that names this policy.",
  /** Behind those that are drawn. */
  more: (n: number) => `Show more of ${count(n, "other holder", "other holders")}`,
  reading: (n: number) => `Reading who holds a certificate: ${n.toLocaleString("en-US")} so far.`,
  counts: (n: { readonly all: number; readonly told: number; readonly unreachable: number }) =>
    [
      count(n.all, "holder", "holders"),
      n.told > 0 ? `${n.told.toLocaleString("en-US")} told already` : "",
      n.unreachable > 0 ? `${n.unreachable.toLocaleString("en-US")} without an email address` : "",
    ]
      .filter(Boolean)
      .join(" · "),
  sending: (sent: number, all: number) =>
    `Sending: ${sent.toLocaleString("en-US")} of ${count(all, "holder", "holders")} so far.`,
  preview: "What the mail says",
  previewOf: (holder: string) => `To ${holder}; each holder gets its own.`,
  chooseFirst: "Choose a holder to see what the mail says.",
  nobodyChosen: "Choose at least one holder.",
  submit: (n: number) =>
    n === 0 ? "Send courtesy notice" : `Send to ${count(n, "holder", "holders")}`,
  sent: (n: number) => `${count(n, "courtesy notice is", "courtesy notices are")} on the way.`,
};
