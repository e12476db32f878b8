import { spawnSync } from "node:child_process";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";

const module = pathToFileURL(path.resolve(import.meta.dirname, "../src/platform/fault-point.ts"));

function cross(variables: Record<string, string | undefined>) {
  const script = `
    import { faultPoint } from ${JSON.stringify(module.href)};
    for (let crossing = 1; crossing <= 3; crossing += 1) {
      console.log(crossing);
      faultPoint("claim_committed");
      faultPoint("send_committed");
    }
  `;
  const { NODE_ENV, LIVECHAT_TEST_KILL_AT, ...rest } = process.env;
  const child = spawnSync(process.execPath, ["--input-type=module", "--eval", script], {
    encoding: "utf8",
    env: { ...rest, ...variables },
  });
  return { signal: child.signal, crossed: child.stdout.trim().split("\n").length };
}

test("a process dies at the crossing that a test names", () => {
  const variables = { NODE_ENV: "test", LIVECHAT_TEST_KILL_AT: "claim_committed:2" };
  expect(cross(variables)).toEqual({ signal: "SIGKILL", crossed: 2 });
});

test.each([
  ["in production", { NODE_ENV: "production", LIVECHAT_TEST_KILL_AT: "claim_committed" }],
  ["with no environment named", { LIVECHAT_TEST_KILL_AT: "claim_committed" }],
  ["with no point named", { NODE_ENV: "test" }],
])("%s a fault point does nothing", (_, variables) => {
  expect(cross(variables)).toEqual({ signal: null, crossed: 3 });
});
