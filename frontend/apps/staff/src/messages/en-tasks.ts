import type { components } from "@countersign/api/schema";

/** A certificate or a courtesy notice that came back. */
interface MailBack {
  readonly kind: "certificate" | "notice";
  readonly number: string;
  readonly holder: string;
  readonly address: string;
}

/** What goes to another address, at the beginning of a sentence. */
const mail = ({ kind, number }: MailBack) =>
  kind === "certificate" ? `Certificate ${number}` : `The courtesy notice of policy ${number}`;

type About = components["schemas"]["TaskAbout"];

/** Texts of what is to be done: mail that came back, answers of insureds, and declined requests. */
export const tasks = {
  title: "To do",
  note: "Mail that came back: find the right address and send again, or say why nothing is to be done. And answers of insureds and declined requests, to be looked at.",
  what: "What",
  notice: (policy: string) => `Courtesy notice, policy ${policy}`,
  question: "Question: who needs a certificate",
  answer: "Answer: who needs a certificate",
  declined: (holder: string) => `Request for approval, for ${holder}`,
  declinedBy: (by: string, reason: string) => `Declined by ${by}: ${reason}`,
  about: (holder: string, insured: string) => `${insured}, for ${holder}`,
  from: "From",
  said: "What was said",
  cameBack: (said: string) => `Came back: ${said}`,
  wanted: (n: number, all: number) =>
    `Still needed by ${n.toLocaleString("en-US")} of ${all.toLocaleString("en-US")} ${all === 1 ? "holder" : "holders"}.`,
  since: "Since",
  noReason: "nothing was said",
  /** What came back, in the middle of a sentence. */
  nameOf: (about: About, insured: string) => {
    switch (about.kind) {
      case "certificate":
        return about.number;
      case "notice":
        return `the courtesy notice of policy ${about.policy_number} to ${about.holder_name}`;
      case "question":
        return `the question to ${insured}`;
      case "answer":
        return `the answer of ${insured}`;
      case "declined":
        return `the declined request for ${about.holder_name}`;
    }
  },
  fix: "Change address and send",
  fixOf: ({ kind, number, address }: MailBack) =>
    `Change address and send ${kind === "certificate" ? number : `the courtesy notice of policy ${number}`} again, which came back from ${address}`,
  fixText: (back: MailBack) => {
    const again =
      back.kind === "certificate"
        ? "It is sent again, to the address below alone"
        : "The holder is told again, with what is so now, at the address below alone";
    return `${mail(back)} for ${back.holder} came back from ${back.address}. ${again}; where ${back.address} stands with the holder, the new address takes its place.`;
  },
  mail,
  newAddress: "The right address",
  addressMissing: "Enter the right address.",
  addressSame: "Mail to this address came back. Enter the right one.",
  send: "Send again",
  sent: (what: string, address: string) => `${what} is on its way to ${address}.`,
  toRun: "Open renewal run",
  toRunOf: (insured: string) => `Open renewal run of ${insured}`,
  toRequest: "Open request",
  toRequestOf: (holder: string) => `Open the request for ${holder}`,
  see: "Mark as seen",
  seeOf: (what: string) => `Mark as seen: ${what}`,
  seen: (what: string) => `Marked as seen: ${what}.`,
  dismiss: "Dismiss",
  dismissOf: (what: string) => `Dismiss the task for ${what}`,
  dismissText: (what: string, address: string) =>
    `Nothing is sent again. The history keeps that ${what} came back from ${address}, and your reason.`,
  dismissReason: "Why",
  dismissHint: "Such as: the holder has it from the other address",
  dismissMissing: "Say why nothing is to be done.",
  dismissed: (what: string) => `The task for ${what} is dismissed.`,
  mayNot: "Your security group does not allow sending certificates.",
};
