/** The longest description of operations that the server takes; what the page cannot hold continues on the next. */
export const MAX_DESCRIPTION = 10_000;
