import { type ContactField, maxImportRows, writeLine } from "@livechat/shared";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  decodeText,
  guessTargets,
  parseTable,
  partRows,
  readRows,
} from "../src/features/contacts/read-csv.ts";

const plan: ContactField = {
  id: "018f0000-0000-7000-8000-000000000001",
  label: "Plan",
  kind: "text",
  choices: [],
  position: 0,
  archivedAt: null,
};

describe("reading a file of contacts", () => {
  it("knows the encodings that spreadsheets write", () => {
    const text = "Name;Tel\r\nZoë;1";
    const utf16 = Buffer.from(`\uFEFF${text}`, "utf16le");
    for (const bytes of [
      Buffer.from(`\uFEFF${text}`, "utf8"),
      Buffer.from(text, "utf8"),
      utf16,
      Buffer.from(utf16).swap16(),
      Buffer.from(text, "latin1"),
    ]) {
      expect(parseTable(decodeText(bytes))).toEqual({
        header: ["Name", "Tel"],
        rows: [["Zoë", "1"]],
      });
    }
  });

  it("takes quotes, line breaks in cells, ragged and empty lines", () => {
    const text = 'a,b\n"x ""y"", z","1\n2"\n\n,,\nonly\n1,2,3\n';
    expect(parseTable(text).rows).toEqual([
      ['x "y", z', "1\n2", ""],
      ["only", "", ""],
      ["1", "2", "3"],
    ]);
  });

  it("guesses each column once, and reads rows without the guard of formulas", () => {
    const header = ["Mobile phone", "Full name", "E-Mail", "plan", "Phone 2", "Notes"];
    const targets = guessTargets(header, [plan]);
    expect(targets).toEqual(["phoneNumber", "name", "email", `field:${plan.id}`, "", "about"]);
    const rows = readRows({ header, rows: [["'+1202", "'=A", "", "Gold", "x", " "]] }, targets);
    expect(rows).toEqual([
      { row: 1, phoneNumber: "+1202", name: "=A", customFields: { [plan.id]: "Gold" } },
    ]);
  });

  it("reads back what an export writes", () => {
    const cell = fc.oneof(fc.string(), fc.constantFrom("=1", "+2", "'-", 'a "b"', "x\ny", "é,;"));
    const line = fc.tuple(cell, cell, cell);
    fc.assert(
      fc.property(fc.array(line, { minLength: 1 }), (lines) => {
        const shown = lines.filter((cells) => cells.some((each) => each.trim() !== ""));
        const text = `\uFEFF${["h,i,j\r\n", ...lines.map(writeLine)].join("")}`;
        const table = parseTable(decodeText(Buffer.from(text, "utf8")));
        const targets = ["phoneNumber", "name", "about"] as const;
        expect(
          readRows(table, targets).map((row) => [row.phoneNumber, row.name ?? "", row.about ?? ""]),
        ).toEqual(shown.map((cells) => cells.map((each) => each.toWellFormed().trim())));
      }),
    );
  });

  it("parts rows so that a request takes them, and loses none", () => {
    const rows = Array.from({ length: 1000 }, (_, at) => ({
      row: at + 1,
      phoneNumber: "1",
      about: "x".repeat(at),
    }));
    const parts = [...partRows(rows, maxImportRows)];
    expect(parts.flat()).toEqual(rows);
    for (const part of parts) {
      expect(part.length).toBeLessThanOrEqual(maxImportRows);
      expect(JSON.stringify(part).length).toBeLessThan(100_000);
    }
  });
});
