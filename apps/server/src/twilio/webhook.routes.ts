import express, { type Response, Router } from "express";
import * as z from "zod";
import { receiveText } from "../messages/receive-text.ts";
import type { Database } from "../platform/database.ts";
import type { KeyRing } from "../platform/secrets.ts";
import { findWebhookTarget } from "./find-webhook-target.ts";
import { parseInboundText } from "./parse-inbound-text.ts";
import { isSignedByTwilio } from "./verify-signature.ts";

export interface WebhookOptions {
  database: Database;
  keys: KeyRing;
  /** The public address that the number's webhook is set to, without a slash at the end. */
  baseUrl: string;
  /** Told of every failure of ours; the answer to Twilio never carries it. */
  onFailure(error: unknown): void;
}

const formBody = z.record(z.string(), z.union([z.string(), z.array(z.string())]));

/**
 * Where Twilio posts inbound texts: `POST /api/twilio/webhook/:workspaceId`.
 * 200 says that the text is committed; 403 that nothing here trusts the
 * request; 503 that we failed, so that Twilio's fallback and retries act.
 */
export function webhookRoutes({ database, keys, baseUrl, onFailure }: WebhookOptions): Router {
  const router = Router();
  const rawBodies = new WeakMap<object, Buffer>();
  const form = express.urlencoded({
    extended: false,
    limit: "64kb",
    verify: (request, _, raw) => {
      rawBodies.set(request, raw);
    },
  });

  router.post("/api/twilio/webhook/:workspaceId", form, async (request, response) => {
    const workspaceId = z.uuid().safeParse(request.params.workspaceId);
    const parameters = formBody.safeParse({ ...request.body });
    if (!workspaceId.success || !parameters.success) return refuse(response);
    try {
      const target = await findWebhookTarget(database, keys, workspaceId.data);
      const isTrusted =
        target !== null &&
        isSignedByTwilio(
          target.authTokens,
          request.get("x-twilio-signature"),
          baseUrl + request.originalUrl,
          parameters.data,
        ) &&
        parameters.data.AccountSid === target.accountSid;
      if (!isTrusted) return refuse(response);

      const { text, reason } = parseInboundText(parameters.data);
      const receipt = {
        body: rawBodies.get(request) ?? Buffer.alloc(0),
        headers: { "i-twilio-idempotency-token": request.get("i-twilio-idempotency-token") ?? "" },
      };
      if (text) await receiveText(database, { ...text, workspaceId: workspaceId.data, receipt });
      else await quarantine(database, workspaceId.data, receipt.body, reason);
      // Never text/plain: Twilio would text it to the customer.
      response.type("text/xml").send('<?xml version="1.0" encoding="UTF-8"?><Response/>');
    } catch (error) {
      onFailure(error);
      response.sendStatus(503);
    }
  });
  return router;
}

function refuse(response: Response): void {
  response.sendStatus(403);
}

async function quarantine(
  database: Database,
  workspaceId: string,
  body: Buffer,
  reason: string,
): Promise<void> {
  await database.asSystem((trx) =>
    trx
      .insertInto("public.webhook_receipts")
      .values({ workspace_id: workspaceId, kind: "inbound", body, outcome: "quarantined", reason })
      .execute(),
  );
}
