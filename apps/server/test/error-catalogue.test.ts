import { errorExplanation, isRetryUseful } from "@livechat/shared";
import { describe, expect, it } from "vitest";
import { describeError, explainError } from "../src/twilio/error-catalogue.ts";
import { explanations } from "../src/twilio/error-explanations.ts";

describe("the catalogue of Twilio's errors", () => {
  it("knows at least 60 codes", () => {
    expect(explanations.size).toBeGreaterThanOrEqual(60);
  });

  it.each([...explanations.keys()])("says everything about %i", (code) => {
    const described = errorExplanation.parse(describeError(code));
    expect(described.isKnown).toBe(true);
    expect(described.url).toBe(`https://www.twilio.com/docs/errors/${code}`);
    for (const part of ["meaning", "cause", "agentAction", "adminAction"] as const) {
      expect(described[part], part).toMatch(/^[A-Z].{8,}\.$|^Nothing: .+\.$/s);
      expect(described[part].length, part).toBeLessThan(130);
    }
    expect(isRetryUseful(code), "both sides agree on trying again").toBe(
      described.retry !== "never",
    );
  });

  it("leads from a code that it does not know to Twilio's own page", () => {
    expect(describeError(99_999)).toMatchObject({
      isKnown: false,
      url: "https://www.twilio.com/docs/errors/99999",
    });
    expect(explainError(99_999, "Twilio says so.")).toBe("Twilio says so.");
    expect(isRetryUseful(99_999)).toBe(true);
    expect(isRetryUseful(null)).toBe(true);
  });

  it("has every code that carriers return most", () => {
    for (const code of [
      20003, 20429, 20500, 21211, 21408, 21608, 21610, 21611, 21612, 21614, 30001, 30002, 30003,
      30004, 30005, 30006, 30007, 30008, 30022, 30032, 30034, 30410, 30450, 572006,
    ]) {
      expect(explanations.has(code), String(code)).toBe(true);
    }
  });
});
