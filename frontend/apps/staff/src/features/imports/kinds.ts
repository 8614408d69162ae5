import type { components } from "@countersign/api/schema";

export type ImportFile = components["schemas"]["ImportFile"];

/** The files of an import, in the order in which they build on each other. */
export const FILES = [
  "insureds",
  "contacts",
  "carriers",
  "policies",
  "coverages",
  "endorsements",
  "vehicles",
  "holders",
] as const satisfies readonly ImportFile[];

/** What a file holds, when its name says one thing: "Policies 2026.csv" holds policies. */
export function kindOf(name: string): ImportFile | null {
  const lower = name.toLowerCase();
  const [kind, ...others] = FILES.filter((file) => lower.includes(file));
  return kind === undefined || others.length > 0 ? null : kind;
}

const WORKBOOKS = [".xlsx", ".xls", ".xlsm", ".xlsb", ".ods", ".numbers"];

/** A spreadsheet program's own file, by its name or by how such files begin (a ZIP archive, an OLE document). */
export function isWorkbook(name: string, head: Uint8Array): boolean {
  const begins = (...bytes: number[]) => bytes.every((byte, place) => head[place] === byte);
  return (
    WORKBOOKS.some((end) => name.toLowerCase().endsWith(end)) ||
    begins(0x50, 0x4b, 0x03, 0x04) ||
    begins(0xd0, 0xcf, 0x11, 0xe0)
  );
}
