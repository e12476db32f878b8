import path from "node:path";
import * as z from "zod";
import { type KeyRing, parseKeyRing } from "./platform/secrets.ts";

/** Where the data lives and who signs people in: the three ways to run the program. */
export type Platform =
  | { kind: "embedded"; dataFolder: string }
  | { kind: "postgres"; databaseUrl: string; dataFolder: string }
  | {
      kind: "supabase";
      databaseUrl: string;
      dataFolder: string;
      supabaseUrl: string;
      publishableKey: string;
      secretKey: string;
      /** Only for projects that still sign tokens with the shared secret. */
      legacyJwtSecret: string | null;
    };

/** The program's settings, checked and complete. */
export interface Config {
  port: number;
  host: string;
  /** The public address that Twilio and browsers use, without a slash at the end. */
  baseUrl: string;
  platform: Platform;
  redisUrl: string | null;
  /** Null when the ring is to be made and kept in the data folder. */
  secretsKeys: KeyRing | null;
  isSimulatorOn: boolean;
  /** Another address of Twilio's API, on this machine: a carrier in a process of its own. */
  twilioApiUrl: string | null;
  /** For how long what Twilio posted is kept word for word. */
  receiptDays: number;
  isSignupOpen: boolean;
  /** Null when mails are printed instead of sent. */
  smtpUrl: string | null;
  logLevel: "trace" | "debug" | "info" | "warn" | "error" | "silent";
}

/** Names every variable that is wrong, and what it should be, in one message. */
export class ConfigError extends Error {
  override name = "ConfigError";
}

const flag = z.stringbool({ truthy: ["true", "1", "yes"], falsy: ["false", "0", "no"] });
const webUrl = z.url({ protocol: /^https?$/, error: "must be a http:// or https:// address" });

/** Whether what is sent to this address stays on the machine. */
function isLoopback(address: string): boolean {
  return (
    URL.canParse(address) && ["127.0.0.1", "[::1]", "localhost"].includes(new URL(address).hostname)
  );
}

/**
 * Whether Twilio posts to this address and signs it as we know it: it leaves a user name out of
 * what it signs, and takes no underscore in a host. Source: Twilio, "Webhooks security", error 21609.
 */
function isPlainAddress(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { username, password, search, hash, hostname } = new URL(address);
  return [username, password, search, hash].every((part) => part === "") && !hostname.includes("_");
}

const environment = z.object({
  PORT: z.coerce.number("must be a port number").int().min(0).max(65_535).default(4000),
  HOST: z.string().default("127.0.0.1"),
  DATA_DIR: z.string().default("./data"),
  BASE_URL: webUrl
    .refine(isPlainAddress, {
      error: "must hold no user name, no query, no #, and no underscore in its host",
    })
    .optional(),
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/, error: "must be a postgres:// address" })
    .optional(),
  SUPABASE_URL: webUrl.optional(),
  SUPABASE_PUBLISHABLE_KEY: z.string().optional(),
  SUPABASE_SECRET_KEY: z.string().optional(),
  SUPABASE_JWT_SECRET: z.string().optional(),
  REDIS_URL: z.url({ protocol: /^rediss?$/, error: "must be a redis:// address" }).optional(),
  SECRETS_KEYS: z
    .string()
    .transform((text, context) => {
      try {
        return parseKeyRing(text);
      } catch (error) {
        context.addIssue({
          code: "custom",
          message: error instanceof Error ? error.message : "is wrong",
        });
        return z.NEVER;
      }
    })
    .optional(),
  SIMULATOR: flag.optional(),
  TWILIO_API_BASE_URL: webUrl
    .refine(isLoopback, { error: "must be on this machine, as credentials are sent there" })
    .optional(),
  RECEIPT_DAYS: z.coerce.number("must be a number of days").int().min(1).max(3650).default(30),
  ALLOW_SIGNUP: flag.default(false),
  SMTP_URL: z.url({ protocol: /^smtps?$/, error: "must be a smtp:// address" }).optional(),
  LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "silent"]).default("info"),
});

/**
 * The settings that these environment variables make; an empty variable counts
 * as one that is not set. Throws {@link ConfigError}.
 */
export function parseConfig(variables: Record<string, string | undefined>): Config {
  const set = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ""));
  const parsed = environment.safeParse(set);
  const complaints = parsed.success
    ? findContradictions(parsed.data)
    : parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
  if (!parsed.success || complaints.length > 0) {
    const [first, ...others] = complaints;
    throw new ConfigError(
      others.length === 0
        ? (first ?? "")
        : ["Some environment variables are wrong:", ...complaints.map((line) => `  ${line}`)].join(
            "\n",
          ),
    );
  }
  const values = parsed.data;
  const platform = choosePlatform(values);
  return {
    port: values.PORT,
    host: values.HOST,
    baseUrl: (values.BASE_URL ?? `http://localhost:${values.PORT}`).replace(/\/+$/, ""),
    platform,
    redisUrl: values.REDIS_URL ?? null,
    secretsKeys: values.SECRETS_KEYS ?? null,
    isSimulatorOn: values.SIMULATOR ?? platform.kind === "embedded",
    twilioApiUrl: values.TWILIO_API_BASE_URL?.replace(/\/+$/, "") ?? null,
    receiptDays: values.RECEIPT_DAYS,
    isSignupOpen: values.ALLOW_SIGNUP,
    smtpUrl: values.SMTP_URL ?? null,
    logLevel: values.LOG_LEVEL,
  };
}

type Values = z.infer<typeof environment>;

function findContradictions(values: Values): string[] {
  const complaints: string[] = [];
  if (values.SUPABASE_URL) {
    for (const name of [
      "DATABASE_URL",
      "SUPABASE_PUBLISHABLE_KEY",
      "SUPABASE_SECRET_KEY",
    ] as const) {
      if (!values[name]) complaints.push(`${name}: is needed together with SUPABASE_URL`);
    }
  }
  // Servers that share a database must share the keys too, so no folder of one of them will do.
  if (values.DATABASE_URL && !values.SECRETS_KEYS) {
    complaints.push("SECRETS_KEYS: is needed together with DATABASE_URL");
  }
  if (values.REDIS_URL && !values.DATABASE_URL) {
    complaints.push("REDIS_URL: has no use without DATABASE_URL, as embedded runs one server");
  }
  return complaints;
}

function choosePlatform(values: Values): Platform {
  const dataFolder = path.resolve(values.DATA_DIR);
  const { DATABASE_URL: databaseUrl, SUPABASE_URL: supabaseUrl } = values;
  if (!databaseUrl) return { kind: "embedded", dataFolder };
  const { SUPABASE_PUBLISHABLE_KEY: publishableKey, SUPABASE_SECRET_KEY: secretKey } = values;
  if (!supabaseUrl || !publishableKey || !secretKey) {
    return { kind: "postgres", databaseUrl, dataFolder };
  }
  return {
    kind: "supabase",
    databaseUrl,
    dataFolder,
    supabaseUrl,
    publishableKey,
    secretKey,
    legacyJwtSecret: values.SUPABASE_JWT_SECRET ?? null,
  };
}
