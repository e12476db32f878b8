import { describe, expect, it } from "vitest";
import { fillVariables, listUnknownVariables, saveCannedReplyRequest } from "../src/index.ts";

describe("the variables of a canned reply", () => {
  it("are filled in with what is known", () => {
    expect(
      fillVariables("Hi {{first_name}}, {{ Agent }} of {{workspace}} here.", {
        first_name: "Ann",
        agent: "Bob",
        workspace: "Lakeside Bikes",
      }),
    ).toEqual({ text: "Hi Ann, Bob of Lakeside Bikes here.", unresolved: [] });
  });

  it("stay, and are named once, where nothing is known", () => {
    const text = "{{first_name}} {{first_name}} {{order}} {{email}}";
    expect(fillVariables(text, { first_name: " ", email: null })).toEqual({
      text,
      unresolved: ["first_name", "order", "email"],
    });
    expect(listUnknownVariables(text)).toEqual(["order"]);
  });

  it("may say what stands in", () => {
    expect(fillVariables("Hi {{first_name|there}}", {})).toEqual({
      text: "Hi there",
      unresolved: [],
    });
    expect(fillVariables("Hi {{first_name|there}}", { first_name: "Ann" }).text).toBe("Hi Ann");
    expect(fillVariables("Hi {{first_name|}}", {}).unresolved).toEqual(["first_name"]);
  });

  it("never fill what a value itself says", () => {
    expect(fillVariables("{{name}}", { name: "{{agent}}", agent: "Bob" }).text).toBe("{{agent}}");
    expect(fillVariables("{ {name} } $& {{}}", { name: "x" })).toEqual({
      text: "{ {name} } $& {{}}",
      unresolved: [],
    });
    expect(fillVariables("{{name}}", { name: "$&$1" }).text).toBe("$&$1");
  });
});

describe("a shortcut", () => {
  const parse = (shortcut: string) => saveCannedReplyRequest.safeParse({ shortcut, content: "x" });
  it.each(["hours", "Öffnung", "24-7", "a_b", "नमस्ते"])("may be %s", (shortcut) => {
    expect(parse(` ${shortcut} `).data?.shortcut).toBe(shortcut.toLowerCase());
  });
  it.each(["", "two words", "/slash", "-x", "x".repeat(41), "a\u0000b"])("may not be %j", (s) => {
    expect(parse(s).success).toBe(false);
  });
});
