import { expect, test } from "vitest";
import { decodeText, readCells, readHolderList } from "./holder-list";

test("names and addresses are found by the names of their columns, in any order", () => {
  const list =
    'Email,Note,Holder\r\na@x.example.com; b@x.example.com,new,"Northgate, Inc."\r\n,,\r\n';
  expect(readHolderList(list)).toEqual([
    { name: "Northgate, Inc.", emails: ["a@x.example.com", "b@x.example.com"] },
  ]);
});

test("one column is enough, and a sheet may divide by semicolons or tabs", () => {
  expect(readHolderList("name\nCity  of Sparks\n")).toEqual([
    { name: "City of Sparks", emails: [] },
  ]);
  expect(readHolderList("name;emails\nCity;a@x.example.com\n")).toEqual([
    { name: "City", emails: ["a@x.example.com"] },
  ]);
  expect(readHolderList("emails\tname\na@x.example.com\tCity")).toEqual([
    { name: "City", emails: ["a@x.example.com"] },
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
  expect(readHolderList(`name\n${"x\n".repeat(501)}`)).toBe("too_many");
});

test("a file of an older spreadsheet is read too, and a byte order mark is no letter", () => {
  const old = Uint8Array.from([0x6e, 0x61, 0x6d, 0x65, 0x0a, 0x4d, 0xfc, 0x6c, 0x6c, 0x65, 0x72]);
  expect(readHolderList(decodeText(old.buffer))).toEqual([{ name: "Müller", emails: [] }]);
  expect(readHolderList("\uFEFFname\nCity")).toEqual([{ name: "City", emails: [] }]);
});
