import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hideTokens } from "../src/http/log-requests.ts";
import { createLog } from "../src/log.ts";
import { createTestDatabase, databaseKinds, type TestDatabase } from "./support/test-database.ts";

describe.each(databaseKinds)("the log of a failure of %s", (kind) => {
  let test: TestDatabase;
  beforeAll(async () => {
    test = await createTestDatabase(kind);
  });
  afterAll(() => test.drop());

  it("names the failure, and none of the values that the statement carried", async () => {
    const lines: string[] = [];
    const log = createLog("info", { write: (line) => lines.push(line) });
    const failure: unknown = await sql`select 1 / ${"0"}::int, ${"what the customer wrote"}::text`
      .execute(test.database.kysely)
      .catch((error: unknown) => error);
    log.error({ err: failure }, "a webhook could not be stored");
    expect(lines.join()).toContain("division by zero");
    expect(lines.join()).toContain("22012");
    expect(lines.join()).not.toContain("what the customer wrote");
  });
});

describe("the path of a request in the log", () => {
  it.each(["/media/t0ken", "/Media/t0ken?x=1", "/invite/t0ken", "/API/Invites/t0ken/accept"])(
    "hides the token of %s",
    (url) => expect(hideTokens(url)).not.toContain("t0ken"),
  );
});
