import { describe, expect, it } from "vitest";
import { parseVCards } from "../src/features/livechat/parse-vcard.ts";

const read = (text: string) => parseVCards(new TextEncoder().encode(text));
const card = (...lines: string[]) => ["BEGIN:VCARD", ...lines, "END:VCARD", ""].join("\r\n");

describe("a contact card", () => {
  it("of version 3 tells name, company and numbers, by their kind, each once", () => {
    const text = card(
      "VERSION:3.0",
      "N:Silva;Ana;Maria;Dr.;",
      "FN:Dr. Ana Silva",
      "ORG:Silva\\, Daughters;Bikes",
      "item1.TEL;type=CELL;type=VOICE;type=pref:+1 (202) 555-0143",
      "TEL;TYPE=WORK:+12025550144",
      "TEL:+12025550144",
      "PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQ",
      " SkZJRgABAQ==",
    );
    expect(read(text)).toEqual([
      {
        name: "Dr. Ana Silva",
        organization: "Silva, Daughters, Bikes",
        numbers: [
          { number: "+1 (202) 555-0143", label: "Mobile" },
          { number: "+12025550144", label: "Work" },
        ],
      },
    ]);
  });
  it("of version 2.1 is read through its encodings", () => {
    const quoted = card(
      "VERSION:2.1",
      "N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller;J=C3=",
      "=B6rg",
      "TEL;CELL:017612345678",
      "AGENT:",
      "BEGIN:VCARD",
      "FN:Somebody else",
      "TEL:+15555550000",
      "END:VCARD",
    );
    expect(read(quoted)).toEqual([
      {
        name: "Jörg Müller",
        organization: null,
        numbers: [{ number: "017612345678", label: "Mobile" }],
      },
    ]);
    const latin = Uint8Array.from(
      card("VERSION:2.1", "FN;CHARSET=ISO-8859-1:Ren\u00e9e", "TEL:12345"),
      (character) => character.charCodeAt(0),
    );
    expect(parseVCards(latin)[0]?.name).toBe("Renée");
  });
  it("of version 4, folded, and as a file of several", () => {
    const first = card(
      "VERSION:4.0",
      "FN:李",
      "  Jordan",
      'TEL;VALUE=uri;TYPE="voice,home":tel:+44-20-7946-0018;ext=5',
    );
    const second = card("VERSION:4.0", "ORG:Lakeside Bikes", "TEL:+442079460019");
    expect(read(`\ufeff${first}${second}`)).toEqual([
      {
        name: "李 Jordan",
        organization: null,
        numbers: [{ number: "+44-20-7946-0018", label: "Home" }],
      },
      {
        name: "Lakeside Bikes",
        organization: null,
        numbers: [{ number: "+442079460019", label: null }],
      },
    ]);
  });
  it("gives plain text alone, of bounded length, and nothing for what is no card", () => {
    const [odd] = read(
      card(
        "FN:<img src=x onerror=alert(1)>\\nEvil\u202e\u0000",
        "TEL:javascript:alert(1)",
        "TEL:+1",
        ...Array.from({ length: 60 }, (_, at) => `TEL:+120255501${String(at).padStart(2, "0")}`),
      ),
    );
    expect(odd?.name).toBe("<img src=x onerror=alert(1)> Evil");
    expect(odd?.numbers).toHaveLength(20);
    expect(read(card(`FN:${"x".repeat(5000)}`))[0]?.name).toHaveLength(200);
    for (const nothing of ["", "FN:Nobody", "BEGIN:VCARD\r\nFN:Cut off", card("NOTE:Nobody")]) {
      expect(read(nothing)).toEqual([]);
    }
    expect(parseVCards(new Uint8Array([0xff, 0xfe, 0x42]))).toEqual([]);
  });
});
