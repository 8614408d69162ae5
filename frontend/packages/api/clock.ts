/*
 * The ends of a session are told in the server's time. Clocks of devices go wrong by hours, so the
 * difference is taken from the answers.
 */
let ahead = 0;

/** Takes the `Date` of an answer. */
export function setServerClock(date: string | null): void {
  const told = date === null ? Number.NaN : Date.parse(date);
  if (!Number.isNaN(told)) ahead = told - Date.now();
}

/** Now, as the server would say. */
export function serverNow(): number {
  return Date.now() + ahead;
}
