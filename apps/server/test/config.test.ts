import { describe, expect, it } from "vitest";
import { ConfigError, parseConfig } from "../src/config.ts";
import { createKeyRingEntry } from "../src/platform/secrets.ts";

const databaseUrl = "postgres://livechat@localhost/livechat";

function complaintsAbout(variables: Record<string, string>): string {
  try {
    parseConfig(variables);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return "none";
}

describe("settings", () => {
  it("need no variable at all: embedded, on this machine only, with the simulator", () => {
    expect(parseConfig({})).toMatchObject({
      port: 4000,
      host: "127.0.0.1",
      baseUrl: "http://localhost:4000",
      platform: { kind: "embedded" },
      isSimulatorOn: true,
      isSignupOpen: false,
      receiptDays: 30,
    });
  });

  it("choose a Postgres of one's own, without the simulator", () => {
    const config = parseConfig({ DATABASE_URL: databaseUrl, SECRETS_KEYS: createKeyRingEntry() });
    expect(config.platform.kind).toBe("postgres");
    expect(config.isSimulatorOn).toBe(false);
  });

  it("choose Supabase once its address and keys are there", () => {
    const config = parseConfig({
      DATABASE_URL: databaseUrl,
      SECRETS_KEYS: createKeyRingEntry(),
      SUPABASE_URL: "https://example.supabase.co",
      SUPABASE_PUBLISHABLE_KEY: "sb_publishable_x",
      SUPABASE_SECRET_KEY: "sb_secret_x",
    });
    expect(config.platform.kind).toBe("supabase");
  });

  it.each([
    "https://user:secret@inbox.example.test",
    "https://my_inbox.example.test",
    "https://inbox.example.test/?a=b",
    "https://inbox.example.test/#top",
  ])("take no public address that Twilio can't post to: %s", (address) => {
    expect(complaintsAbout({ BASE_URL: address })).toContain("BASE_URL: must hold no user name");
  });

  it("take a number of days to keep what Twilio posted, and no other", () => {
    expect(parseConfig({ RECEIPT_DAYS: "7" }).receiptDays).toBe(7);
    for (const days of ["0", "many", "4000"]) {
      expect(complaintsAbout({ RECEIPT_DAYS: days })).toContain("RECEIPT_DAYS");
    }
  });

  it("take an empty variable as not set, and no slash at the end of the address", () => {
    const config = parseConfig({ PORT: "", BASE_URL: "https://inbox.example.test/" });
    expect(config.port).toBe(4000);
    expect(config.baseUrl).toBe("https://inbox.example.test");
  });

  it("name every wrong variable at once", () => {
    const message = complaintsAbout({ PORT: "99999", BASE_URL: "inbox", SIMULATOR: "maybe" });
    for (const name of ["PORT", "BASE_URL", "SIMULATOR"]) expect(message).toContain(name);
  });

  it("say what else a variable needs", () => {
    expect(complaintsAbout({ DATABASE_URL: databaseUrl })).toContain("SECRETS_KEYS: is needed");
    expect(complaintsAbout({ SUPABASE_URL: "https://example.supabase.co" })).toContain(
      "SUPABASE_SECRET_KEY: is needed",
    );
    expect(complaintsAbout({ REDIS_URL: "redis://localhost" })).toContain("REDIS_URL");
  });

  it("send Twilio's credentials nowhere but to Twilio or this machine", () => {
    const at = (url: string) => complaintsAbout({ TWILIO_API_BASE_URL: url });
    for (const url of ["http://127.0.0.1:4010/", "http://localhost:4010", "http://[::1]:4010"])
      expect(at(url)).toBe("none");
    for (const url of ["https://api.example.test", "http://127.0.0.1.example.test", "localhost"])
      expect(at(url)).toContain("TWILIO_API_BASE_URL");
  });

  it("never show a key that is wrong", () => {
    expect(complaintsAbout({ SECRETS_KEYS: "a:sensitive" })).not.toContain("sensitive");
  });
});
