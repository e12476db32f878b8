/** A webhook is answered before its text is stored. */
import { rewriteModule } from "./rewrite-module.ts";

rewriteModule("/twilio/webhook.routes.ts", [
  [
    'faultPoint("webhook_verified");',
    `response.type("text/xml").send("<Response/>");
    await new Promise((resolve) => setTimeout(resolve, 50));
    faultPoint("webhook_verified");`,
  ],
]);
