import { Router } from "express";
import * as z from "zod";
import type { Context } from "../context.ts";
import { applyStatusReport } from "../messages/apply-status.ts";
import { faultPoint } from "../platform/fault-point.ts";
import { findWebhookTarget } from "./find-webhook-target.ts";
import { noteRefusal } from "./note-refusal.ts";
import { parseStatusReport } from "./parse-status-report.ts";
import { messageIdHeader, roundHeader, unusableReport } from "./process-receipt.ts";
import { promoteNextToken } from "./promote-next-token.ts";
import { quarantineReceipt } from "./quarantine-receipt.ts";
import {
  explainRefusal,
  getRawForm,
  isSignedByNext,
  isSignedFor,
  parseForm,
  readForm,
} from "./signed-form.ts";

/**
 * Where Twilio reports what becomes of our texts:
 * `POST /api/twilio/status/:workspaceId?messageId=`. 204 says that the report is
 * kept; 403 that nothing here trusts it; 503 that we failed.
 */
export function statusRoutes(
  context: Pick<Context, "database" | "keys" | "config" | "log">,
): Router {
  const { database, keys, config, log } = context;
  const router = Router();
  router.post("/api/twilio/status/:workspaceId", readForm(), async (request, response) => {
    try {
      const workspaceId = z.uuid().safeParse(request.params.workspaceId);
      const parameters = parseForm(request);
      const target = workspaceId.success
        ? await findWebhookTarget(database, keys, workspaceId.data)
        : null;
      if (!parameters || !target || !isSignedFor(target, request, parameters, config.baseUrl)) {
        if (target) {
          const refusal = explainRefusal(request, parameters, target);
          await noteRefusal(database, target.workspaceId, "status", refusal).catch(
            (error: unknown) => log.warn({ err: error }, "a refused report could not be counted"),
          );
        }
        response.sendStatus(403);
        return;
      }
      const report = parseStatusReport(parameters);
      const messageId = z.uuid().safeParse(request.query.messageId);
      const round = z.coerce.number().int().positive().safeParse(request.query.round);
      if (report) {
        await database.asSystem(async (trx) => {
          await applyStatusReport(trx, {
            ...report,
            workspaceId: target.workspaceId,
            messageId: messageId.data ?? null,
            round: round.data ?? null,
          });
          faultPoint("status_written");
        });
        faultPoint("status_committed");
      } else {
        log.warn({ workspaceId: target.workspaceId }, "a signed status report could not be used");
        await quarantineReceipt(database, {
          workspaceId: target.workspaceId,
          kind: "status",
          body: getRawForm(request),
          headers: {
            [messageIdHeader]: messageId.data ?? "",
            [roundHeader]: String(round.data ?? ""),
          },
          reason: unusableReport,
          accountSid: target.accountSid,
          messageSid: null,
        });
      }
      if (isSignedByNext(target, request, parameters, config.baseUrl)) {
        await promoteNextToken(context, database.asSystem, target.workspaceId, "webhook").catch(
          (error: unknown) => log.warn({ err: error }, "an Auth Token could not be promoted"),
        );
      }
      response.status(204).end();
    } catch (error) {
      log.error({ err: error }, "a status report could not be stored");
      response.sendStatus(503);
    }
  });
  return router;
}
