/** Texts of what is to be done: mail that came back. */
export const tasks = {
  title: "To do",
  note: "Mail that came back. Find the right address and send again, or say why nothing is to be done.",
  certificate: "Certificate",
  about: (holder: string, insured: string) => `${insured}, for ${holder}`,
  address: "Came back from",
  reason: "The other side said",
  since: "Since",
  noReason: "nothing",
  fix: "Change address and send",
  fixOf: (number: string, address: string) =>
    `Change address and send ${number} again, which came back from ${address}`,
  fixText: (number: string, holder: string, address: string) =>
    `Certificate ${number} for ${holder} came back from ${address}. It is sent again, to the address below alone; where ${address} stands with the holder, the new address takes its place.`,
  newAddress: "The right address",
  addressMissing: "Enter the right address.",
  addressSame: "Mail to this address came back. Enter the right one.",
  send: "Send again",
  sent: (number: string, address: string) => `${number} is on its way to ${address}.`,
  dismiss: "Dismiss",
  dismissOf: (number: string) => `Dismiss the task for ${number}`,
  dismissText: (number: string, address: string) =>
    `Nothing is sent again. The history of ${number} keeps that mail to ${address} came back, and your reason.`,
  dismissReason: "Why",
  dismissHint: "Such as: the holder has the certificate from the other address",
  dismissMissing: "Say why nothing is to be done.",
  dismissed: (number: string) => `The task for ${number} is dismissed.`,
  mayNot: "Your security group does not allow sending certificates.",
};
