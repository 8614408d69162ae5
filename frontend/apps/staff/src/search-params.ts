/** Reads what stands in an address, which anybody may have typed: what does not fit is left out. */
export function textParam(value: unknown): string | undefined {
  if (typeof value === "number") return String(value);
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** A day of the calendar: the 45th of a month is none. */
export function dateParam(value: unknown): string | undefined {
  if (typeof value !== "string" || !/^\d{4}-\d{2}-\d{2}$/.test(value)) return undefined;
  const day = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(value) ? value : undefined;
}

/** The id of a record. */
export function idParam(value: unknown): string | undefined {
  const id = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;
  return typeof value === "string" && id.test(value) ? value : undefined;
}

export function oneOf<T extends string>(choices: readonly T[], value: unknown): T | undefined {
  return choices.find((choice) => choice === value);
}

/** A path of this app; an address may have been made up by anybody. */
export function insideParam(value: unknown): string | undefined {
  return typeof value === "string" && /^\/(?![/\\])/.test(value) ? value : undefined;
}

/** Drops what is undefined, so that an empty filter leaves no trace in the address. */
export function present<T extends object>(params: T): { [K in keyof T]?: NonNullable<T[K]> };
export function present(params: object): object {
  return Object.fromEntries(Object.entries(params).filter(([, value]) => value !== undefined));
}
