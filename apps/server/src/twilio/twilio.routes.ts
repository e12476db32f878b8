import {
  connectSimulatorRequest,
  messagingServiceList,
  nextAuthTokenRequest,
  putTwilioConfigRequest,
  testConnectionRequest,
  testConnectionResponse,
  twilioConfig,
  twilioNumberList,
  twilioWorkspaceQuery,
  updateTwilioConfigRequest,
} from "@livechat/shared";
import { DomainError } from "../errors.ts";
import { type Endpoint, endpoint } from "../http/endpoint.ts";
import { findSimulator } from "../simulator/start-simulator.ts";
import { appendAudit } from "../workspaces/append-audit.ts";
import { connectTwilio } from "./connect-twilio.ts";
import { examineLine } from "./examine-line.ts";
import { getCredentials } from "./find-credentials.ts";
import { getTwilioConfig } from "./get-twilio-config.ts";
import { listNumbers, listServices } from "./numbers-store.ts";
import { planWebhooks } from "./plan-webhooks.ts";
import { promoteOnRequest } from "./promote-next-token.ts";
import { dropNextToken, stageNextToken } from "./stage-next-token.ts";
import { openDoor, syncNumbers } from "./sync-numbers.ts";
import { updateTwilioConfig } from "./update-twilio-config.ts";
import { verifyCredentials } from "./verify-credentials.ts";

/** The routes by which a workspace is connected to Twilio and its numbers are kept. */
export const twilioEndpoints: Endpoint[] = [
  endpoint(
    {
      method: "post",
      path: "/api/twilio/test-connection",
      summary:
        "Asks Twilio whether credentials hold and what connecting would change; saves nothing.",
      access: "admin",
      body: testConnectionRequest,
      response: testConnectionResponse,
    },
    async (context, { body }) => {
      const { account, line } = await verifyCredentials(context, body);
      const { workspaceId } = body;
      return {
        success: true as const,
        accountName: account.name,
        accountType: account.type,
        accountStatus: account.status,
        numbers: line.numbers.map(({ sid, phoneNumber, friendlyName, capabilities }) => ({
          sid,
          phoneNumber,
          friendlyName,
          canText: capabilities.sms,
        })),
        proposals: planWebhooks(line, {
          baseUrl: context.config.baseUrl,
          workspaceId,
          webhookType: "per_number",
        }),
      };
    },
  ),
  endpoint(
    {
      method: "get",
      path: "/api/twilio/config",
      summary: "How a workspace is connected; never a secret.",
      access: "member",
      query: twilioWorkspaceQuery,
      response: twilioConfig,
    },
    (context, { caller, query }) => getTwilioConfig(context, caller, query.workspaceId),
  ),
  endpoint(
    {
      method: "put",
      path: "/api/twilio/config",
      summary: "Verifies credentials, keeps them, and points the numbers here.",
      access: "admin",
      body: putTwilioConfigRequest,
      response: twilioConfig,
    },
    (context, { caller, body }) => connectTwilio(context, caller, body),
  ),
  endpoint(
    {
      method: "patch",
      path: "/api/twilio/config",
      summary: "Chooses who carries the webhook, and the service to send through.",
      access: "admin",
      body: updateTwilioConfigRequest,
      response: twilioConfig,
    },
    async (context, { caller, body: { workspaceId, ...change } }) => {
      await updateTwilioConfig(context, caller, workspaceId, change);
      return getTwilioConfig(context, caller, workspaceId);
    },
  ),
  endpoint(
    {
      method: "put",
      path: "/api/twilio/config/next-auth-token",
      summary: "Keeps the token that follows, so that texts signed by either are let in.",
      access: "admin",
      body: nextAuthTokenRequest,
      response: twilioConfig,
    },
    async (context, { caller, body: { workspaceId, authToken } }) => {
      await stageNextToken(context, caller, workspaceId, authToken);
      await examineLine(context, openDoor(context, caller), workspaceId);
      return getTwilioConfig(context, caller, workspaceId);
    },
  ),
  endpoint(
    {
      method: "delete",
      path: "/api/twilio/config/next-auth-token",
      summary: "Forgets the token that was to follow.",
      access: "admin",
      query: twilioWorkspaceQuery,
      response: twilioConfig,
    },
    async (context, { caller, query: { workspaceId } }) => {
      await dropNextToken(context, caller, workspaceId);
      await examineLine(context, openDoor(context, caller), workspaceId);
      return getTwilioConfig(context, caller, workspaceId);
    },
  ),
  endpoint(
    {
      method: "post",
      path: "/api/twilio/config/next-auth-token/promote",
      summary: "Uses the token that follows from now on, as it was promoted at Twilio.",
      access: "admin",
      body: twilioWorkspaceQuery,
      response: twilioConfig,
    },
    async (context, { caller, body: { workspaceId } }) => {
      const door = openDoor(context, caller);
      await promoteOnRequest(context, door, workspaceId);
      await examineLine(context, door, workspaceId);
      return getTwilioConfig(context, caller, workspaceId);
    },
  ),
  endpoint(
    {
      method: "post",
      path: "/api/twilio/config/simulator",
      summary: "Connects the workspace to the built-in simulator.",
      access: "admin",
      body: connectSimulatorRequest,
      response: twilioConfig,
    },
    (context, { caller, body: { workspaceId } }) => {
      const simulator = findSimulator(context.database);
      if (!simulator) {
        throw new DomainError("not_found", "The simulator is switched off. Set SIMULATOR=true.");
      }
      const { accountSid, authToken } = simulator.openAccount(workspaceId);
      return connectTwilio(context, caller, {
        workspaceId,
        accountSid,
        authToken,
        apiKey: null,
        takeOver: "everything",
      });
    },
  ),
  endpoint(
    {
      method: "get",
      path: "/api/twilio/phone-numbers",
      summary: "A workspace's numbers as they were read last.",
      access: "member",
      query: twilioWorkspaceQuery,
      response: twilioNumberList,
    },
    async ({ database, config }, { caller, query }) => ({
      items: await database.asMember(caller.userId, (trx) =>
        listNumbers(trx, query.workspaceId, config.baseUrl),
      ),
    }),
  ),
  endpoint(
    {
      method: "get",
      path: "/api/twilio/messaging-services",
      summary: "The account's Messaging Services as they were read last.",
      access: "member",
      query: twilioWorkspaceQuery,
      response: messagingServiceList,
    },
    async ({ database }, { caller, query }) => ({
      items: await database.asMember(caller.userId, (trx) => listServices(trx, query.workspaceId)),
    }),
  ),
  endpoint(
    {
      method: "post",
      path: "/api/twilio/phone-numbers/sync",
      summary: "Reads the numbers and services again; sets nothing at Twilio.",
      access: "admin",
      body: twilioWorkspaceQuery,
      response: twilioNumberList,
    },
    async (context, { caller, body: { workspaceId } }) => {
      const credentials = await getCredentials(context, workspaceId);
      const door = openDoor(context, caller);
      const { added, changed, removed } = await syncNumbers(
        context,
        door,
        workspaceId,
        credentials,
      );
      await door((trx) =>
        appendAudit(trx, workspaceId, "twilio.numbers_read", null, {
          added: added.join(" "),
          changed: changed.join(" "),
          removed: removed.join(" "),
        }),
      );
      await examineLine(context, door, workspaceId);
      return { items: await door((trx) => listNumbers(trx, workspaceId, context.config.baseUrl)) };
    },
  ),
];
