import { createHash, createHmac } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import path from "node:path";
import { createSimulator, type Simulator } from "@livechat/twilio-simulator";
import { sql } from "kysely";
import type { Context } from "../context.ts";
import type { Database } from "../platform/database.ts";
import { SecretUnreadableError } from "../platform/secrets.ts";
import { findCredentials } from "../twilio/find-credentials.ts";
import type { TwilioCredentials } from "../twilio/twilio-client.ts";

/** The built-in carrier of this process. */
export interface RunningSimulator {
  /** Where its REST API answers, on this machine only. */
  origin: string;
  simulator: Simulator;
  /** Whether this account is one of the simulator's. */
  isSimulated(accountSid: string): boolean;
  /**
   * As `isSimulated`, and also finds a workspace that another server connected
   * since this one started. Outside a transaction only.
   */
  recognise(accountSid: string): Promise<boolean>;
  /** The workspace's account there, opened with two numbers if it is new. */
  openAccount(workspaceId: string): TwilioCredentials;
  /** Writes the transcript down and stops. */
  close(): Promise<void>;
}

const runningSimulators = new WeakMap<Database, RunningSimulator>();

/** The simulator that was started over this database, or null. */
export function findSimulator(database: Database): RunningSimulator | null {
  return runningSimulators.get(database) ?? null;
}

/** Long enough for a person to see a text being sent, then sent, then delivered. */
const stepMs = 400;
const saveEveryMs = 1_000;

/**
 * Starts the carrier on a free port of this machine, with the accounts of the
 * workspaces that are connected to it and the transcript of the last run. A
 * transcript that can't be read is put aside, and said so in the log.
 */
export async function startSimulator(
  { database, keys, config, log }: Pick<Context, "database" | "keys" | "config" | "log">,
  { statusDelayMs = stepMs }: { statusDelayMs?: number } = {},
): Promise<RunningSimulator> {
  const accounts = new Map<string, TwilioCredentials>();
  const localOrigin = findLocalOrigin(config);
  const simulator = createSimulator({
    accounts: [],
    statusDelayMs,
    isControlOpen: false,
    // The public address need not be reachable from inside.
    reach: (url) =>
      localOrigin !== null && url.startsWith(`${config.baseUrl}/`)
        ? localOrigin + url.slice(config.baseUrl.length)
        : url,
  });

  const learn = async (accountSidWanted: string | null): Promise<void> => {
    for (const account of await listConnected(database, accountSidWanted)) {
      const { workspaceId, accountSid, numbers } = account;
      if (accountSid !== buildAccountSid(workspaceId)) continue;
      const credentials = await findCredentials({ database, keys }, workspaceId).catch(
        (error: unknown) => {
          // One workspace that has to connect anew must not hold up the others.
          if (!(error instanceof SecretUnreadableError)) throw error;
          log.warn({ err: error, workspaceId }, "a workspace's simulated account can't be opened");
          return null;
        },
      );
      if (!credentials || accounts.has(accountSid)) continue;
      accounts.set(accountSid, credentials);
      simulator.addAccount({ sid: accountSid, authToken: credentials.authToken, numbers });
    }
  };
  await learn(null);

  const file = path.join(config.platform.dataFolder, "simulator.json");
  await restore(simulator, file, log);
  let saved = fingerprint(simulator);
  const save = async (): Promise<void> => {
    const seen = fingerprint(simulator);
    if (seen === saved) return;
    await mkdir(path.dirname(file), { recursive: true });
    // A new file put in place at once: a crash leaves the old one whole.
    await writeFile(`${file}.new`, JSON.stringify(simulator.snapshot()), { mode: 0o600 });
    await rename(`${file}.new`, file);
    saved = seen;
  };
  let saving = Promise.resolve();
  const saveSoon = (): Promise<void> => {
    saving = saving.then(save).catch((error: unknown) => {
      log.warn({ err: error }, "the simulator's transcript could not be written");
    });
    return saving;
  };
  const timer = setInterval(() => void saveSoon(), saveEveryMs);
  timer.unref();

  const server = createServer(simulator.handler);
  // The SDK keeps connections; one that closes under it would leave a text in doubt.
  server.keepAliveTimeout = 120_000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("No port was given.");

  const running: RunningSimulator = {
    origin: `http://127.0.0.1:${address.port}`,
    simulator,
    isSimulated: (accountSid) => accounts.has(accountSid),
    recognise: async (accountSid) => {
      // Embedded runs one server, which knows all that it connected.
      if (!accounts.has(accountSid) && config.platform.kind !== "embedded") await learn(accountSid);
      return accounts.has(accountSid);
    },
    openAccount: (workspaceId) => {
      const accountSid = buildAccountSid(workspaceId);
      const known = accounts.get(accountSid);
      if (known) return known;
      const [key] = keys.derive("simulator");
      if (!key) throw new Error("The key ring is empty.");
      const authToken = createHmac("sha256", key).update(workspaceId).digest("hex").slice(0, 32);
      const credentials = { accountSid, authToken };
      const taken = new Set(simulator.numbers().map(({ phoneNumber }) => phoneNumber));
      simulator.addAccount({
        sid: accountSid,
        authToken,
        friendlyName: "Built-in simulator",
        numbers: chooseNumbers(workspaceId, taken),
      });
      accounts.set(accountSid, credentials);
      return credentials;
    },
    close: async () => {
      clearInterval(timer);
      simulator.close();
      await saveSoon();
      runningSimulators.delete(database);
      server.closeAllConnections();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
  runningSimulators.set(database, running);
  return running;
}

/** Where this very server listens, or null when its port is not known beforehand. */
function findLocalOrigin({ host, port }: Context["config"]): string | null {
  if (port === 0) return null;
  const isAny = host === "0.0.0.0" || host === "::";
  const name = isAny ? "127.0.0.1" : host.includes(":") ? `[${host}]` : host;
  return `http://${name}:${port}`;
}

function buildAccountSid(workspaceId: string): string {
  return `AC${createHash("sha256").update(`simulator:${workspaceId}`).digest("hex").slice(0, 32)}`;
}

// 555-0100 to 555-0199 of every area are kept for fiction. Source: NANPA.
const areaCodes = [202, 206, 212, 213, 303, 305, 312, 404, 415, 503, 512, 602, 617, 702, 808, 907];
const numbersPerArea = 100;

function chooseNumbers(
  workspaceId: string,
  taken: ReadonlySet<string>,
): { phoneNumber: string; friendlyName: string; sid: string }[] {
  const hash = createHash("sha256").update(`numbers:${workspaceId}`).digest();
  const all = areaCodes.length * numbersPerArea;
  const chosen: { phoneNumber: string; friendlyName: string; sid: string }[] = [];
  for (let step = 0; step < all && chosen.length < 2; step += 1) {
    const place = (hash.readUInt32BE(0) + step) % all;
    const area = areaCodes[Math.floor(place / numbersPerArea)] ?? areaCodes[0];
    const phoneNumber = `+1${area}55501${String(place % numbersPerArea).padStart(2, "0")}`;
    if (taken.has(phoneNumber)) continue;
    const digest = createHash("sha256").update(`${workspaceId} ${phoneNumber}`).digest("hex");
    chosen.push({
      phoneNumber,
      friendlyName: chosen.length === 0 ? "Main line" : "Second line",
      sid: `PN${digest.slice(0, 32)}`,
    });
  }
  return chosen;
}

interface ConnectedWorkspace {
  workspaceId: string;
  accountSid: string;
  numbers: {
    phoneNumber: string;
    sid: string;
    friendlyName: string;
    smsUrl: string;
    smsMethod: "GET" | "POST";
    smsFallbackUrl: string;
  }[];
}

async function listConnected(
  database: Database,
  accountSid: string | null,
): Promise<ConnectedWorkspace[]> {
  const { rows } = await database.asSystem((trx) =>
    sql<{
      workspace_id: string;
      account_sid: string;
      phone_number: string | null;
      twilio_sid: string | null;
      friendly_name: string | null;
      sms_url: string | null;
      sms_method: string | null;
      sms_fallback_url: string | null;
    }>`
      select c.workspace_id, c.account_sid, n.phone_number, n.twilio_sid, n.friendly_name,
        n.sms_url, n.sms_method, n.sms_fallback_url
      from public.workspace_twilio_config c
      left join public.twilio_numbers n on n.workspace_id = c.workspace_id
      where c.is_configured and (${accountSid}::text is null or c.account_sid = ${accountSid})
      order by c.workspace_id, n.created_at, n.phone_number
    `.execute(trx),
  );
  const connected = new Map<string, ConnectedWorkspace>();
  for (const row of rows) {
    const workspace = connected.get(row.workspace_id) ?? {
      workspaceId: row.workspace_id,
      accountSid: row.account_sid,
      numbers: [],
    };
    if (row.phone_number !== null && row.twilio_sid !== null) {
      workspace.numbers.push({
        phoneNumber: row.phone_number,
        sid: row.twilio_sid,
        friendlyName: row.friendly_name ?? row.phone_number,
        smsUrl: row.sms_url ?? "",
        smsMethod: row.sms_method === "GET" ? "GET" : "POST",
        smsFallbackUrl: row.sms_fallback_url ?? "",
      });
    }
    connected.set(row.workspace_id, workspace);
  }
  return [...connected.values()];
}

/** Differs whenever a message came or changed, without the cost of writing them all down. */
function fingerprint(simulator: Simulator): string {
  let updatedMs = 0;
  const messages = simulator.messages();
  for (const { dateUpdated } of messages) updatedMs += dateUpdated.getTime() % 1e9;
  return `${messages.length} ${updatedMs}`;
}

async function restore(simulator: Simulator, file: string, log: Context["log"]): Promise<void> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch {
    return;
  }
  try {
    simulator.restore(JSON.parse(text));
  } catch (error) {
    log.warn(
      { err: error, file },
      "the simulator's transcript could not be read and was put aside",
    );
    await rename(file, `${file}.unreadable`).catch(() => {});
  }
}
