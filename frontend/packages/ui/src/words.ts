/** Every text that a component of this package says by itself. A language is one such object. */
export const englishWords = {
  cancel: "Cancel",
  clear: (what: string) => `Clear ${what}`,
  close: "Close",
  back: "Back",
  tryAgain: "Try again",
  loading: "Loading",
  showMore: "Show more",
  shownRows: (count: number, more: boolean) =>
    more ? `${count} shown, more to come` : count === 1 ? "1 row" : `${count} rows`,
  sort: "Sort by",
  sortUp: (column: string) => `${column}, ascending`,
  sortDown: (column: string) => `${column}, descending`,
  unsorted: "As they come",
  sortedAscending: "sorted ascending",
  sortedDescending: "sorted descending",
  discardTitle: "Discard what you entered?",
  discardText: "Nothing of it has been saved.",
  discard: "Discard",
  keepEditing: "Keep editing",
  typeToConfirm: (word: string) => `Type “${word}” to confirm`,
  requestId: "Request id",
  copyRequestId: "Copy request id",
  copied: "Copied",
  unreachableTitle: "The server cannot be reached",
  unreachableDetail: "Check the connection, then try again.",
  unansweredTitle: "No answer came",
  unansweredDetail:
    "We do not know whether it went through. Check the connection and press again: it will not happen twice.",
  unreadableTitle: "The server gave an answer that makes no sense here",
  unreadableDetail: "Try again in a moment. If it stays, tell your administrator.",
  brokenPageTitle: "This page has a fault",
  brokenPageDetail: "Reload it. If it stays, tell your administrator what you were doing.",
  retryAfter: (seconds: number) =>
    seconds < 90
      ? `Try again in ${seconds} ${seconds === 1 ? "second" : "seconds"}.`
      : seconds < 90 * 60
        ? `Try again in ${Math.ceil(seconds / 60)} minutes.`
        : `Try again in ${Math.ceil(seconds / 3600)} hours.`,
  notAddresses: (texts: string, count: number) =>
    count === 1
      ? `“${texts}” is not an email address such as name@example.com. Correct it or take it out.`
      : `${texts} are not email addresses such as name@example.com. Correct them or take them out.`,
  pdfPage: (page: number, pages: number) => `Page ${page} of ${pages}`,
  pdfLoading: "Drawing the page",
  pdfFailed: "The page could not be drawn. Download it to see it.",
  zoomIn: "Zoom in",
  zoomOut: "Zoom out",
  fitWidth: "Fit width",
  showPassword: "Show password",
  idleTitle: "Still there?",
  idleText: (left: string) =>
    `You will be signed out in ${left}. What you entered stays until then.`,
  idleStay: "Stay signed in",
  idleLeave: "Sign out now",
  /** How a date is typed, and the hint that says so. */
  dateFormat: "MM/DD/YYYY",
  notADate: "Enter a date such as 03/05/2027.",
  calendar: {
    previousMonth: "Previous month",
    nextMonth: "Next month",
    previousYear: "Previous year",
    nextYear: "Next year",
    previousDecade: "Previous decade",
    nextDecade: "Next decade",
    monthLevelControl: "Choose a month",
    yearLevelControl: "Choose a year",
  },
  skipToContent: "Skip to content",
};

export type UiWords = typeof englishWords;
