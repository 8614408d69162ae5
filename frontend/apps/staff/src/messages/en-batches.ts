const count = (n: number, one: string, other: string) =>
  `${n.toLocaleString("en-US")} ${n === 1 ? one : other}`;

const holders = (n: number) => count(n, "holder", "holders");
const certificates = (n: number) => count(n, "certificate", "certificates");

/** Texts of sending to many holders at once, and of the renewal run. */
export const batches = {
  title: "Bulk sendings",
  sendMany: "Send to many holders",
  renewalRun: "Renewal run",
  kinds: { bulk: "Bulk sending", renewal: "Renewal run" },
  named: (master: string) => `Bulk sending of ${master}`,
  renewalNamed: (master: string) => `Renewal run of ${master}`,
  asking: {
    ask: "Ask the insured who needs one",
    askAgain: "Ask again",
    none: "The insured knows who still needs a certificate. Ask before you send.",
    states: { asked: "Waiting for an answer", answered: "Answered", expired: "No answer in time" },
    unanswered: (who: string, at: string) =>
      `${who} was asked on ${at} who still needs a certificate and has not answered yet.`,
    sendUnanswered: "Send without waiting for the answer?",
    askedOf: (who: string, by: string, at: string) => `${by} asked ${who} on ${at}.`,
    until: (day: string) => `The link takes an answer until ${day}.`,
    answeredBy: (who: string, at: string, wanted: number, all: number) =>
      `${who} answered on ${at}: still needed by ${wanted} of ${holders(all)}.`,
    wanted: "The insured: still needs one",
    notWanted: "The insured: not needed",
    title: "Ask who still needs a certificate",
    text: (n: number) =>
      `A mail with a link goes to the insured. It shows the names and cities of ${holders(n)} to tick, takes one answer, and works for 14 days. Nothing is sent to any holder.`,
    replaces: "The link that was sent before stops working.",
    send: "Send question",
    asked: "The insured is asked.",
  },
  mayNot: "Your security group does not allow sending certificates.",
  forWhom: "Send to many holders",
  forWhomText: "Certificates show the cover of one insured. Choose whose.",
  insured: "Insured",
  insuredHint: "Search by name",
  insuredNone: "No insured of that name",
  goOn: "Continue",
  master: "Master certificate",
  holders: "Holders",
  sources: { used: "Used before", group: "Group", library: "Library", file: "From a file" },
  groupsNone: "The agency has gathered no holders in groups yet.",
  sourcesLabel: "Where the holders come from",
  usedNone: "This insured has used no holder yet. Choose from the library or from a file.",
  chooseAll: (n: number) => `Choose all ${n.toLocaleString("en-US")}`,
  chooseMore: (n: number) => (n === 0 ? "Choose more" : `Choose ${n.toLocaleString("en-US")} more`),
  chooseNone: "Choose none",
  next: (n: number) => `Next ${n.toLocaleString("en-US")}`,
  previous: (n: number) => `Previous ${n.toLocaleString("en-US")}`,
  windowOf: (from: number, to: number, total: number) =>
    `Shown are ${from.toLocaleString("en-US")} to ${to.toLocaleString("en-US")} of ${holders(total)}.`,
  searchLibrary: "Search the library",
  searchHint: "Name or other name, at least two letters",
  searchShort: "Type at least two letters.",
  searchNone: "No holder of that name in the library.",
  moreFound: "There are more; search for a longer part of the name.",
  fileTitle: "Drop a CSV file here, or choose one",
  fileHint: "Columns: name, emails. Several addresses in one cell are divided by a semicolon.",
  template: "Download the template",
  templateName: "holders.csv",
  templateText:
    'name,emails\r\n"Northgate Builders, Inc.",certificates@northgate.example.com\r\nCity of Sparks,risk@sparks.example.com; clerk@sparks.example.com\r\n',
  fileFaults: {
    unreadable: "This file is no CSV text. Save the sheet as CSV and choose it again.",
    no_columns: "The first row must name the columns: name, emails, or both.",
    no_rows: "The file has no row below the names of its columns.",
  },
  fileTooLong: (rows: number, files: number) =>
    `The file has ${count(rows, "row", "rows")}, and one sending takes at most 500. Divide it into ${files.toLocaleString("en-US")} files and send to each of them.`,
  matched: (n: number) => `${holders(n)} found and chosen.`,
  severalMean: "Several holders have this name. Choose one.",
  nobodyMeans: "Not in the library",
  nobodyMeansText: "Add these holders to the library first, then choose the file again:",
  rowMissing: (row: number, name: string, emails: string) =>
    `Row ${row}: ${name === "" ? `no name, and nobody has ${emails}` : name}`,
  archivedMeantText:
    "These holders are archived. Bring them back first, then choose the file again:",
  rowsUnreadable: "These rows were left out. Correct them in the file and choose it again:",
  rowUnreadable: (row: number, name: string, what: string) =>
    `Row ${row}${name === "" ? "" : ` (${name})`}: ${what} cannot be read as an email address.`,
  quoted: (words: string) => `“${words}”`,
  rowInFile: (name: string) => `Holder for “${name}”`,
  choose: "Choose",
  rowFault: (name: string, fault: string) => `${name}: ${fault}`,
  tooMany: "One sending takes at most 500 holders; send to the others afterwards.",
  leftOutOf: (n: number) => `${holders(n)} ${n === 1 ? "was" : "were"} not chosen.`,
  mail: "The mail",
  mailNote: "The same words for everybody. Without a subject each mail names its certificate.",
  description: "Description of operations",
  descriptionNote: "For every certificate of this sending. Left as it is, the master's own.",
  rows: "Check and choose",
  rowsNone: "Choose holders above. Each one is checked here before anything is sent.",
  checking: "Checking every row",
  unchecked: "Not checked",
  send: "Send",
  sendTo: (holder: string) => `Send to ${holder}`,
  recipients: "Recipients",
  recipientsOf: (holder: string) => `Recipients for ${holder}`,
  changeRecipients: (holder: string) => `Change the recipients for ${holder}`,
  change: "Change",
  done: "Done",
  remove: (holder: string) => `Take ${holder} off the list`,
  noRecipient: "Nobody to mail to. Enter an address.",
  sentBefore: (when: string, number: string) => `Already sent as ${number} on ${when}`,
  sentAndWithdrawn: (when: string, number: string) =>
    `Already sent as ${number} on ${when}, then withdrawn`,
  neverSent: "First certificate for this insured",
  ready: "Ready",
  blocked: "Set aside",
  warned: (n: number) => `${n.toLocaleString("en-US")} to check`,
  leftOut: "Not sent",
  shared: "Found for every row",
  some: "To know about some of the rows",
  findingsOf: (holder: string) => `Findings for ${holder}`,
  summary: (n: {
    readonly ready: number;
    readonly aside: number;
    readonly noRecipient: number;
    readonly tooHeavy: number;
    readonly out: number;
  }) => {
    const reasons = [
      { rows: n.aside, why: "blocked" },
      { rows: n.noRecipient, why: "no address" },
      { rows: n.tooHeavy, why: "files too large for one mail" },
    ].filter(({ rows }) => rows > 0);
    const aside = n.aside + n.noRecipient + n.tooHeavy;
    const why = reasons
      .map(({ rows, why }) =>
        reasons.length === 1 ? why : `${rows.toLocaleString("en-US")} ${why}`,
      )
      .join(", ");
    return [
      `${certificates(n.ready)} to send`,
      aside > 0 ? `${aside.toLocaleString("en-US")} set aside: ${why}` : "",
      n.out > 0 ? `${n.out.toLocaleString("en-US")} not ticked` : "",
    ]
      .filter(Boolean)
      .join(" · ");
  },
  sendN: (n: number) => (n === 0 ? "Send certificates" : `Send ${certificates(n)}`),
  masterFirst: "Choose a master certificate first.",
  chooseMasterFirst: "Choose a master certificate first",
  holdersFirst: "Choose at least one holder.",
  checkFailed: "The rows could not be checked. Try it again above.",
  waitForCheck: "Wait until every row is checked.",
  nothingToSend: "Nothing is left to send: every row is set aside or not ticked.",
  confirmTitle: (n: number) => `Send ${certificates(n)}?`,
  confirmText: (n: number, master: string) =>
    `${certificates(n)} from “${master}” will be issued and mailed one after the other. You can pause or call off the rest at any moment; what was sent stays sent.`,
  confirmRecent: (n: number) =>
    `Within the last day ${holders(n)} of them got a certificate for this insured. Each gets another one, which stands beside it.`,
  confirmAside: (n: number) => `${holders(n)} set aside by the findings will not be sent to.`,
  confirmNoAddress: (n: number) => `${holders(n)} without an address will not be sent to.`,
  confirmTooHeavy: (n: number) =>
    `${holders(n)} will not be sent to because the files do not fit into one mail.`,
  started: (n: number) => `${certificates(n)} on the way.`,
  noMaster: (name: string) => `${name} has no master certificate yet`,
  noMasterText: "A master says which policies the pages show. Make one first.",

  renewal: {
    notBegun:
      "A new term has not begun. Its certificates can be sent from its first day on; until then the old ones stand.",
    stopped: (when: string) => `Receives no renewals since ${when}; tick it to send all the same`,
    setAside: (n: number) =>
      `${holders(n)} ${n === 1 ? "is" : "are"} set aside because renewals are not sent there.`,
    intro:
      "Everybody who holds a standing certificate from this master, and what would read otherwise if it were sent anew now. The words and marks of each holder are kept.",
    notFollowed: "This master still shows the old term",
    notFollowedText:
      "These policies have been renewed, but the master certificate does not follow yet. Let it follow first, or the old term is printed again.",
    nextTerm: (line: string, number: string, next: string, from: string, until: string) =>
      `${line}: ${number} is renewed by ${next}, ${from} to ${until}`,
    toMaster: "Open the master certificate",
    noMasterYet: "No master certificate is chosen",
    noMasterYetText:
      "Everybody who holds a standing certificate from it is shown here then, each with what would change.",
    none: "Nobody holds a certificate from this master",
    noneText: "Once certificates were sent from it, their holders stand here.",
    more: "Only the first 500 holders are shown. Send to these, then come back for the rest.",
    holds: (number: string, date: string) => `Holds ${number} of ${date}`,
    upToDate: "Holds what would be printed now",
    changes: (n: number) => count(n, "change", "changes"),
    changesFor: (holder: string) => `Changes for ${holder}`,
    from: "was",
    to: "now",
    nothing: "nothing",
    takesAway: "Less than before",
    kinds: {
      line_gained: "Line added",
      line_lost: "Line gone",
      insurer_changed: "Insurer",
      policy_number_changed: "Policy number",
      term_changed: "Term",
      limit_up: "Limit up",
      limit_down: "Limit down",
      box_changed: "Box",
      endorsement_gained: "Endorsement added",
      endorsement_lost: "Endorsement gone",
      endorsement_changed: "Endorsement",
      insured_changed: "Insured",
      holder_changed: "Holder",
      description_changed: "Description",
    },
  },

  states: {
    running: "Sending",
    paused: "Paused",
    finished: "Finished",
    cancelled: "Called off",
  },
  rowStates: {
    waiting: "Waiting",
    issued: "Issued",
    set_aside: "Set aside",
    failed: "Failed",
    not_sent: "Not sent",
  },
  anyState: "All rows",
  startedBy: (when: string, who: string) => `Started ${when} by ${who}`,
  pausedBy: (when: string, who: string) => `Paused ${when} by ${who}`,
  cancelledBy: (when: string, who: string) => `Called off ${when} by ${who}`,
  finishedAt: (when: string) => `Finished ${when}`,
  progress: (done: string, total: string) => `${done} of ${total}`,
  calledOffAfter: (issued: string, total: string, left: string) =>
    `${issued} of ${total} sent, ${left} not sent`,
  pace: (rows: number, seconds: number) => {
    const rate =
      rows >= 1
        ? `about ${Math.round(rows).toLocaleString("en-US")} a second`
        : `about ${Math.max(1, Math.round(rows * 60))} a minute`;
    const left =
      seconds < 60 ? `${Math.ceil(seconds)} s left` : `${Math.ceil(seconds / 60)} min left`;
    return `${rate}, ${left}`;
  },
  goesOn: "It goes on while you work elsewhere.",
  halted: "It stopped by itself",
  haltedFix: "Once the cause is mended, somebody who may send certificates can let it go on.",
  pause: "Pause",
  resume: "Resume",
  cancelRest: "Call off the rest",
  cancelTitle: "Call off the rest?",
  cancelText:
    "Holders whose turn has not come by then will not be sent to. What is already sent stays sent. Pause first to see how many are left.",
  cancelPausedText: (n: number) =>
    `${holders(n)} whose turn has not come will not be sent to. What is already sent stays sent.`,
  keepSending: "Keep sending",
  retry: (n: number) =>
    `Try ${n === 1 ? "the failed or set-aside row" : `${n.toLocaleString("en-US")} failed or set-aside rows`} again`,
  downloadZip: "Download as ZIP",
  downloadPdf: "Download as one PDF",
  download: "Download",
  /** The name may hold what no file's name may. */
  fileName: (insured: string, day: string, form: string) =>
    `Certificates-${insured.replaceAll(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "")}-${day}.${form}`,
  inLog: "Show in Certificates Sent",
  row: "Row",
  holder: "Holder",
  result: "Result",
  certificate: "Certificate",
  masterColumn: "Master certificate",
  startedColumn: "Started",
  state: "State",
  issuedOf: (issued: string, total: string) => `${issued} of ${total} issued`,
  noRows: "No row is in this state",
  none: "No bulk sending yet",
  noneText: "A certificate for many holders at once: their results stand here.",
  filterChip: "One bulk sending",
  filterOff: "Show all certificates",
  partOf: "Part of a bulk sending",
};
