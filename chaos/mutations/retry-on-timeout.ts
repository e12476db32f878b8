/** What broke off is taken for refused, and so sent again: as a job queue does by itself. */
import { rewriteModule } from "./rewrite-module.ts";

rewriteModule("/twilio/classify-send-failure.ts", [
  [
    'return { outcome: "unknown", reason: failure.reason };',
    'return { outcome: "refused", reason: failure.reason, retryAfterMs: null };',
  ],
]);
