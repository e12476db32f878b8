import { describe, expect, it } from "vitest";
import { parseOptOutKeyword } from "../src/index.ts";

describe("opt-out keywords", () => {
  it.each(["STOP", " stop. ", "Stop!", "optout", "REVOKE", "stopall", "Cancel", "end\n"])(
    "reads %j as STOP",
    (body) => expect(parseOptOutKeyword(body)).toBe("STOP"),
  );

  it.each(["Stop by tomorrow", "Cancel my 3pm", "please stop", "", "don't stop", "stop stop"])(
    "reads %j as an ordinary text",
    (body) => expect(parseOptOutKeyword(body)).toBeNull(),
  );

  it("reads START and HELP", () => {
    expect(parseOptOutKeyword("unstop")).toBe("START");
    expect(parseOptOutKeyword("Help?")).toBe("HELP");
  });
});
