import { type Request, type Response, Router } from "express";
import * as z from "zod";
import { groupTexts, type ReceiveGrouped } from "../messages/group-texts.ts";
import type { Database } from "../platform/database.ts";
import { faultPoint } from "../platform/fault-point.ts";
import type { Jobs } from "../platform/jobs.ts";
import type { KeyRing } from "../platform/secrets.ts";
import { groupTargets, listWebhookTargets, type WebhookTarget } from "./find-webhook-target.ts";
import { noteRefusal } from "./note-refusal.ts";
import { noteWebhook } from "./note-webhook.ts";
import { parseInboundText } from "./parse-inbound-text.ts";
import { explainUnstorable } from "./process-receipt.ts";
import { promoteNextToken } from "./promote-next-token.ts";
import { isUnstorable, quarantineReceipt } from "./quarantine-receipt.ts";
import {
  explainRefusal,
  getRawForm,
  isSignedByNext,
  isSignedFor,
  parseForm,
  readForm,
} from "./signed-form.ts";
import type { FormParameters } from "./verify-signature.ts";

export interface WebhookOptions {
  database: Database;
  keys: KeyRing;
  /** The public address that the number's webhook is set to, without a slash at the end. */
  baseUrl: string;
  /** Copies received files into our store; without it they stay where the carrier has them. */
  jobs?: Jobs;
  /** Told of every failure of ours; the answer to Twilio never carries it. */
  onFailure(error: unknown): void;
}

const addressed = z.object({ AccountSid: z.string(), To: z.string().max(64) });

/**
 * Where Twilio posts inbound texts: `POST /api/twilio/webhook/:workspaceId`, or
 * without the workspace, which is then found by account and number. 200 says
 * that the text is committed; 403 that nothing here trusts the request; 503 that
 * we failed, so that Twilio's fallback and retries act.
 */
export function webhookRoutes(options: WebhookOptions): Router {
  const { database, keys, jobs } = options;
  const router = Router();
  const store = groupTexts(
    database,
    jobs &&
      ((trx, mediaId, workspaceId) => jobs.enqueue(trx, "fetch_media", { workspaceId, mediaId })),
  );
  const findTarget = groupTargets(database, keys);
  router.post("/api/twilio/webhook/:workspaceId", readForm(), async (request, response) => {
    const workspaceId = z.uuid().safeParse(request.params.workspaceId);
    await receive(options, store, request, response, async () => {
      if (!workspaceId.success) return [];
      const target = await findTarget(workspaceId.data);
      return target ? [target] : [];
    });
  });
  router.get("/api/twilio/webhook/:workspaceId", async (request, response) => {
    // A number that is set to GET. Its text is found in Twilio's list; whoever just looks learns nothing.
    const workspaceId = z.uuid().safeParse(request.params.workspaceId);
    if (workspaceId.success && request.get("x-twilio-signature")) {
      try {
        const target = await findTarget(workspaceId.data);
        const refusal = { reason: "wrong_method", fact: null } as const;
        if (target) await noteRefusal(database, target.workspaceId, "inbound", refusal);
      } catch (error) {
        options.onFailure(error);
      }
    }
    response.sendStatus(405);
  });
  router.post("/api/twilio/webhook", readForm(), async (request, response) => {
    await receive(options, store, request, response, async (parameters) => {
      const parsed = addressed.safeParse(parameters);
      if (!parsed.success) return [];
      const { AccountSid: accountSid, To: to } = parsed.data;
      // A NUL would be an error of Postgres, and no address holds one.
      if (accountSid.includes("\0") || to.includes("\0")) return [];
      return listWebhookTargets(database, keys, { accountSid, to });
    });
  });
  return router;
}

async function receive(
  options: WebhookOptions,
  store: ReceiveGrouped,
  request: Request,
  response: Response,
  listCandidates: (parameters: FormParameters) => Promise<WebhookTarget[]>,
): Promise<void> {
  const { database, baseUrl, onFailure } = options;
  try {
    const parameters = parseForm(request);
    const candidates = await listCandidates(parameters ?? {});
    const target = candidates.find(
      (candidate) => parameters && isSignedFor(candidate, request, parameters, baseUrl),
    );
    if (!parameters || !target) {
      const [meant] = candidates;
      if (meant) await refuse(options, request, parameters, meant);
      response.sendStatus(403);
      return;
    }
    const { workspaceId } = target;
    faultPoint("webhook_verified");
    const { text, reason } = parseInboundText(parameters);
    const receipt = {
      body: getRawForm(request),
      headers: { "i-twilio-idempotency-token": request.get("i-twilio-idempotency-token") ?? "" },
    };
    if (text) {
      try {
        await store({ ...text, workspaceId, receipt });
      } catch (error) {
        // A 503 would make Twilio bring the same text again and again, to the same end.
        if (!isUnstorable(error)) throw error;
        onFailure(error);
        await keepAside(database, workspaceId, receipt, parameters, explainUnstorable(error));
      }
    } else {
      await keepAside(database, workspaceId, receipt, parameters, reason);
    }
    faultPoint("webhook_committed");
    await note(options, request, parameters, target);
    // Never text/plain: Twilio would text it to the customer.
    response.type("text/xml").send('<?xml version="1.0" encoding="UTF-8"?><Response/>');
  } catch (error) {
    onFailure(error);
    response.sendStatus(503);
  }
}

/**
 * What is good to know of a webhook that was let in: before it is answered, so that closing waits
 * for it, and of no matter to the answer when it fails.
 */
async function note(
  { database, keys, baseUrl, onFailure }: WebhookOptions,
  request: Request,
  parameters: FormParameters,
  target: WebhookTarget,
): Promise<void> {
  try {
    if (isSignedByNext(target, request, parameters, baseUrl)) {
      await promoteNextToken({ database, keys }, database.asSystem, target.workspaceId, "webhook");
    }
    const { To: to } = parameters;
    await noteWebhook(database, target.workspaceId, typeof to === "string" ? to : null);
  } catch (error) {
    onFailure(error);
  }
}

async function refuse(
  { database, onFailure }: WebhookOptions,
  request: Request,
  parameters: FormParameters | null,
  target: WebhookTarget,
): Promise<void> {
  try {
    const refusal = explainRefusal(request, parameters, target);
    await noteRefusal(database, target.workspaceId, "inbound", refusal);
  } catch (error) {
    onFailure(error);
  }
}

async function keepAside(
  database: Database,
  workspaceId: string,
  receipt: { body: Buffer; headers: Record<string, string> },
  parameters: FormParameters,
  reason: string,
): Promise<void> {
  const name = (value: unknown) => (typeof value === "string" ? value.slice(0, 64) : null);
  await quarantineReceipt(database, {
    workspaceId,
    kind: "inbound",
    ...receipt,
    reason,
    accountSid: name(parameters.AccountSid),
    // One that Twilio would not write names nothing, and may hold what Postgres can't.
    messageSid: /^(SM|MM)[0-9a-fA-F]{32}$/.test(String(parameters.MessageSid))
      ? name(parameters.MessageSid)
      : null,
  });
}
