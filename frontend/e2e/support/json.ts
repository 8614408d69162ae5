/** Reads what another program answered, one member at a time, with its own type checks. */
export function member(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  return new Map<string, unknown>(Object.entries(value)).get(name);
}

export function text(value: unknown, name: string): string {
  const found = member(value, name);
  return typeof found === "string" ? found : "";
}

export function list(value: unknown, name?: string): readonly unknown[] {
  const found = name === undefined ? value : member(value, name);
  return Array.isArray(found) ? found : [];
}
