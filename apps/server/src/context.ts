import type { Logger } from "pino";
import type { Config } from "./config.ts";
import type { Database } from "./platform/database.ts";
import type { Jobs } from "./platform/jobs.ts";
import type { MediaStore } from "./platform/media-store.ts";
import type { KeyRing } from "./platform/secrets.ts";
import type { TokenVerifier } from "./platform/tokens.ts";
import type { TwilioGateway } from "./twilio/twilio-client.ts";

/** Everything that the program's parts share; made once, in `server.ts`. */
export interface Context {
  config: Config;
  log: Logger;
  database: Database;
  keys: KeyRing;
  tokens: TokenVerifier;
  jobs: Jobs;
  mediaStore: MediaStore;
  twilio: TwilioGateway;
}
