import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  canAdvanceStatus,
  canReplaceStatus,
  messageStatus,
  parseTwilioStatus,
  rankStatus,
} from "../src/index.ts";

describe("message status", () => {
  it("never moves backwards, whatever order the reports come in", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...messageStatus.options)), (reports) => {
        let current = messageStatus.enum.pending as (typeof messageStatus.options)[number];
        for (const next of reports) {
          const before = rankStatus(current);
          if (canAdvanceStatus(current, next)) current = next;
          expect(rankStatus(current)).toBeGreaterThanOrEqual(before);
        }
      }),
    );
  });

  it("keeps the first of two final states", () => {
    expect(canAdvanceStatus("undelivered", "delivered")).toBe(false);
    expect(canAdvanceStatus("delivered", "sent")).toBe(false);
  });

  it("lets a report settle a text of unknown outcome", () => {
    expect(canAdvanceStatus("unconfirmed", "queued")).toBe(true);
    expect(canAdvanceStatus("unconfirmed", "failed")).toBe(true);
  });

  it("lets a screen show a text that goes back in line, and nothing else that falls", () => {
    expect(canReplaceStatus("unconfirmed", "pending")).toBe(true);
    expect(canReplaceStatus("sending", "pending")).toBe(true);
    expect(canReplaceStatus("queued", "pending")).toBe(false);
    expect(canReplaceStatus("delivered", "sent")).toBe(false);
    expect(canReplaceStatus("sent", "sent")).toBe(true);
  });

  it("knows Twilio's words and leaves unknown ones alone", () => {
    expect(parseTwilioStatus("accepted")).toBe("queued");
    expect(parseTwilioStatus("undelivered")).toBe("undelivered");
    expect(parseTwilioStatus("read")).toBe("delivered");
    expect(parseTwilioStatus("teleported")).toBeNull();
  });
});
