import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readCell, writeCell, writeLine } from "../src/index.ts";

describe("cells of a CSV file", () => {
  it("gives a spreadsheet nothing to run", () => {
    for (const text of ["=1+1", "+1 202", "-2", "@SUM(A1)", "\t=1", "\r=1", "'=1"]) {
      expect(writeCell(text).replace(/^"/, "").startsWith("'"), text).toBe(true);
    }
    expect(writeLine(["a", 'b "c"', "d,e", "f\ng", " h", "'tis"])).toBe(
      'a,"b ""c""","d,e","f\ng"," h",\'tis\r\n',
    );
  });

  it("reads back exactly what it wrote", () => {
    const text = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.stringMatching(/^['=+\-@\t\r]{0,4}[a-z"',\n]{0,5}$/),
    );
    fc.assert(
      fc.property(text, (value) => {
        const written = writeCell(value);
        const unquoted = written.startsWith('"')
          ? written.slice(1, -1).replaceAll('""', '"')
          : written;
        expect(readCell(unquoted)).toBe(value);
        expect(/^[=+\-@\t\r]/.test(unquoted)).toBe(false);
      }),
    );
  });
});
