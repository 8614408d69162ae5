/** "1000000.00" as people write it: "1,000,000", with cents only where there are some. */
export function grouped(amount: string): string {
  const [whole = "", cents = "00"] = amount.split(".");
  const groups = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return cents === "00" ? groups : `${groups}.${cents}`;
}

/** The largest amount that the server takes, in dollars: far above any limit. */
export const MOST_DOLLARS = 10_000_000_000_000;

/** Whether it is an amount, but one beyond what is taken. */
export function isTooLarge(typed: string): boolean {
  const text = plain(typed);
  return /^\d+(\.\d{1,2})?$/.test(text) && Number(text) > MOST_DOLLARS;
}

/** "$1,000,000" as the server reads it; commas only where they stand before groups of three. */
export function plain(typed: string): string {
  const text = typed.trim().replace(/^\$\s*/, "");
  return /^\d{1,3}(,\d{3})+(\.\d{1,2})?$/.test(text) ? text.replaceAll(",", "") : text;
}
