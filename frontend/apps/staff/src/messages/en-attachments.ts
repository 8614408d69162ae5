const holders = (n: number) => (n === 1 ? "1 holder" : `${n.toLocaleString("en-US")} holders`);

/** Texts about the files of endorsements, and about what goes with a certificate. */
export const attachments = {
  file: "File",
  attach: "Attach PDF",
  attachOf: (form: string) => `Attach PDF of ${form}`,
  replace: "Replace the file",
  replaceOf: (form: string) => `Replace the file of ${form}`,
  drop: "Drop the PDF here, or choose it",
  dropHint:
    "At most 5\u00a0MB: the endorsement as the carrier issued it, without the rest of the policy",
  intro:
    "Certificates that rest on this endorsement carry the file from now on. What was sent before keeps what went with it.",
  current: (name: string, size: string) => `On file now: ${name} (${size})`,
  notPdf: "This is not a PDF. Choose a file whose name ends in .pdf.",
  tooLarge: (size: string, limit: string) =>
    `This file has ${size}, and at most ${limit} fit. Save the endorsement alone, without the rest of the policy.`,
  changedMeanwhile: (form: string) =>
    `Somebody else has just changed ${form} or its PDF. Send yours again to have it take the place of theirs.`,
  attached: (form: string) => `The PDF of ${form} is attached.`,
  titleOf: (form: string, file: string) => `${form}: ${file}`,
  view: "View the file",
  viewOf: (name: string, form: string) => `View ${name}, the PDF of ${form}`,
  viewShort: "View",
  viewFile: (name: string) => `View ${name}`,
  remove: "Take the file off",
  removeOf: (form: string) => `Take the file off ${form}?`,
  removeText:
    "Certificates are sent without it from now on. Those that it went with keep it, and so do their secure links.",
  removed: (form: string) => `${form} has no file any more.`,
  behind: "Attach the endorsements behind the marks",
  behindHint: "Those behind a mark, and those that the description names.",
  behindRow: (form: string, title: string) => `${form}, ${title}`,
  noFile: "no file on the policy",
  noneBehind: "No endorsement stands behind this page, so the mail carries the certificate alone.",
  noFiles: "None of these endorsements has a file, so the mail carries the certificate alone.",
  total: (size: string) => `${size} with the certificate`,
  tooHeavy: (size: string, limit: string) =>
    `The files come to ${size}, and a mail carries at most ${limit}. Send a link instead, or leave the endorsements out.`,
  linkInstead: (size: string, limit: string) =>
    `The page and its files come to ${size}, and a mail carries at most ${limit}. Send a link instead.`,
  fit: "Send a link, or leave the endorsements out.",
  manyHint: "Each mail carries those that its own certificate rests on.",
  manyRow: (form: string, n: number) => `${form} for ${holders(n)}`,
  tooHeavyFor: (n: number) =>
    `For ${holders(n)} the files do not fit into one mail, so ${n === 1 ? "it is" : "they are"} set aside. Send links instead, or leave the endorsements out.`,
  tooHeavyRow: (size: string, limit: string) =>
    `The files come to ${size}, and a mail carries at most ${limit} with the page.`,
  linksForAll: "Send links to everybody",
  noneForAll: "Leave the endorsements out everywhere",
  went: "Endorsements that went with it",
  goes: "Endorsements that go with it",
  leftOut: "Left out",
};
