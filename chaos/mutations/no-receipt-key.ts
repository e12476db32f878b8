/** A webhook that comes again is stored again. The database must lack its unique keys too. */
import { rewriteModule } from "./rewrite-module.ts";

rewriteModule("/messages/receive-text.ts", [
  [
    `on conflict (workspace_id, account_sid, message_sid)
      where kind = 'inbound' and outcome = 'accepted'
      do nothing`,
    "",
  ],
]);
