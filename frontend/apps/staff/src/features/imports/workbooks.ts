import { isWorkbook } from "./kinds";

/** The first bytes of a file; none where it cannot be read, which its upload will tell. */
async function headOf(file: File): Promise<Uint8Array> {
  try {
    return new Uint8Array(await file.slice(0, 4).arrayBuffer());
  } catch {
    return new Uint8Array();
  }
}

/** Whether a file is a spreadsheet program's own, which no import can read. */
export async function looksLikeWorkbook(file: File): Promise<boolean> {
  return isWorkbook(file.name, await headOf(file));
}
