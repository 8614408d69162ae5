import { isEmailAddress } from "@countersign/ui/email";

/** A row of a list of holders: a name, addresses, or both. */
export interface ListedHolder {
  /** Which row of the sheet, where the names of the columns are the first. */
  readonly row: number;
  readonly name: string;
  readonly emails: readonly string[];
  /** What stands where an address should and is none. */
  readonly unreadable: readonly string[];
}

export type ListFault = "unreadable" | "no_columns" | "no_rows";

/** As many as the server takes in one sending. */
export const MOST_HOLDERS = 500;

const NAME_COLUMNS = new Set(["name", "holder", "holder name", "certificate holder"]);
const MAIL_COLUMNS = new Set(["emails", "email", "e-mail", "e-mails", "email address"]);

/** The text of a file: UTF-8, or what older spreadsheets write on Windows. */
export function decodeText(bytes: ArrayBuffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

/** The separator that the first line uses most. */
function separatorOf(text: string): string {
  const [first = ""] = text.split(/\r?\n/, 1);
  const uses = (separator: string) => first.split(separator).length;
  return [",", ";", "\t"].toSorted((a, b) => uses(b) - uses(a))[0] ?? ",";
}

/** Cells by row; quotes may enclose separators, line breaks and doubled quotes. */
export function readCells(text: string): string[][] {
  const separator = separatorOf(text);
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = "";
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const letter = text.charAt(at);
    if (quoted) {
      if (letter !== '"') cell += letter;
      else if (text.charAt(at + 1) === '"') {
        cell += '"';
        at += 1;
      } else quoted = false;
    } else if (letter === '"' && cell.trim() === "") {
      cell = "";
      quoted = true;
    } else if (letter === separator) {
      row.push(cell);
      cell = "";
    } else if (letter === "\n") {
      rows.push([...row, cell]);
      row = [];
      cell = "";
    } else if (letter !== "\r") cell += letter;
  }
  if (cell !== "" || row.length > 0) rows.push([...row, cell]);
  return rows;
}

/** The holders that a CSV names, or why it cannot be used. */
export function readHolderList(text: string): readonly ListedHolder[] | ListFault {
  if (text.includes("\u0000")) return "unreadable";
  const sheet = readCells(text.replace(/^\uFEFF/, ""))
    .map((cells, place) => ({ cells, row: place + 1 }))
    .filter(({ cells }) => cells.some((each) => each.trim() !== ""));
  const [header, ...rows] = sheet;
  const titles = (header?.cells ?? []).map((title) => title.trim().toLowerCase());
  const name = titles.findIndex((title) => NAME_COLUMNS.has(title));
  const mail = titles.findIndex((title) => MAIL_COLUMNS.has(title));
  if (name < 0 && mail < 0) return "no_columns";
  const listed = rows
    .map(({ cells, row }) => {
      const addresses = (cells[mail] ?? "").split(/[;,\s]+/).filter(Boolean);
      return {
        row,
        name: (cells[name] ?? "").replace(/\s+/g, " ").trim(),
        emails: addresses.filter((each) => isEmailAddress(each)),
        unreadable: addresses.filter((each) => !isEmailAddress(each)),
      };
    })
    .filter((each) => each.name !== "" || each.emails.length + each.unreadable.length > 0);
  return listed.length === 0 ? "no_rows" : listed;
}
