/** The longest description of operations that the server takes; what the page cannot hold continues on the next. */
export const MAX_DESCRIPTION = 10_000;
/** The largest file of an endorsement that the server takes. */
export const MAX_FILE_BYTES = 5_000_000;
/** What one mail carries at most, the page and the files of endorsements together. */
export const MAX_MAIL_BYTES = 10_000_000;
