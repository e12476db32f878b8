import { type DestinationStream, type Logger, pino } from "pino";
import pretty from "pino-pretty";
import type { Config } from "./config.ts";

const secretNames = [
  "authorization",
  "cookie",
  "authToken",
  "auth_token",
  "accessToken",
  "access_token",
  "refreshToken",
  "refresh_token",
  "token",
  "password",
  "secret",
  "databaseUrl",
];

/** An error without the values of the statement that it broke, which PGlite keeps beside it. */
function presentError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { params: _, parameters: __, queryOptions: ___, ...told } = pino.stdSerializers.err(error);
  return told;
}

/** The program's log: JSON lines, or coloured ones on a terminal. Values under secret names are never written. */
export function createLog(level: Config["logLevel"], destination?: DestinationStream): Logger {
  const to =
    destination ?? (process.stdout.isTTY ? pretty({ ignore: "pid,hostname" }) : process.stdout);
  return pino(
    {
      level,
      serializers: { err: presentError },
      redact: {
        paths: secretNames.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]),
        censor: "[hidden]",
      },
    },
    to,
  );
}
