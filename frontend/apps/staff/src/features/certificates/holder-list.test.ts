import { expect, test } from "vitest";
import { decodeText, readCells, readHolderList } from "./holder-list";

const row = (number: number, name: string, emails: string[] = [], unreadable: string[] = []) => ({
  row: number,
  name,
  emails,
  unreadable,
});

test("names and addresses are found by the names of their columns, in any order", () => {
  const list =
    'Email,Note,Holder\r\na@x.example.com; b@x.example.com,new,"Northgate, Inc."\r\n,,\r\n';
  expect(readHolderList(list)).toEqual([
    row(2, "Northgate, Inc.", ["a@x.example.com", "b@x.example.com"]),
  ]);
});

test("a text that is no address is told with the row of the sheet that it stands in", () => {
  const list =
    "name,emails\n\nCity,clerk@city.example.com; clerk@\nCounty,county\n,nobody at all\n";
  expect(readHolderList(list)).toEqual([
    row(3, "City", ["clerk@city.example.com"], ["clerk@"]),
    row(4, "County", [], ["county"]),
    row(5, "", [], ["nobody", "at", "all"]),
  ]);
});

test("one column is enough, and a sheet may divide by semicolons or tabs", () => {
  expect(readHolderList("name\nCity  of Sparks\n")).toEqual([row(2, "City of Sparks")]);
  expect(readHolderList("name;emails\nCity;a@x.example.com\n")).toEqual([
    row(2, "City", ["a@x.example.com"]),
  ]);
  expect(readHolderList("emails\tname\na@x.example.com\tCity")).toEqual([
    row(2, "City", ["a@x.example.com"]),
  ]);
});

test("quotes enclose quotes, separators and line breaks", () => {
  expect(readCells('a,"b ""c"", d\ne"\nf,g')).toEqual([
    ["a", 'b "c", d\ne'],
    ["f", "g"],
  ]);
});

test("what is no list of holders says why", () => {
  expect(readHolderList("PK\u0000\u0003")).toBe("unreadable");
  expect(readHolderList("City of Sparks\nBasin Water\n")).toBe("no_columns");
  expect(readHolderList("name,emails\n , \n")).toBe("no_rows");
});

test("a file of an older spreadsheet is read too, and a byte order mark is no letter", () => {
  const old = Uint8Array.from([0x6e, 0x61, 0x6d, 0x65, 0x0a, 0x4d, 0xfc, 0x6c, 0x6c, 0x65, 0x72]);
  expect(readHolderList(decodeText(old.buffer))).toEqual([row(2, "Müller")]);
  expect(readHolderList("\uFEFFname\nCity")).toEqual([row(2, "City")]);
});
