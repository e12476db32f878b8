import {
  connectSimulatorRequest,
  putTwilioConfigRequest,
  testConnectionRequest,
  testConnectionResponse,
  twilioConfig,
  twilioNumberList,
  twilioWorkspaceQuery,
} from "@livechat/shared";
import { sql } from "kysely";
import { DomainError } from "../errors.ts";
import { type Endpoint, endpoint } from "../http/endpoint.ts";
import { findSimulator } from "../simulator/start-simulator.ts";
import { connectTwilio, getTwilioConfig } from "./connect-twilio.ts";
import { getCredentials } from "./find-credentials.ts";
import { listNumbers } from "./numbers-store.ts";
import { syncNumbers } from "./sync-numbers.ts";

/** The routes by which a workspace is connected to Twilio and its numbers are kept. */
export const twilioEndpoints: Endpoint[] = [
  endpoint(
    {
      method: "post",
      path: "/api/twilio/test-connection",
      summary: "Asks Twilio whether credentials hold, and saves nothing.",
      access: "admin",
      body: testConnectionRequest,
      response: testConnectionResponse,
    },
    async ({ twilio }, { body }) => {
      const account = await twilio.getAccount(body);
      const numbers = await twilio.listNumbers(body);
      return {
        success: true as const,
        accountName: account.name,
        accountType: account.type,
        accountStatus: account.status,
        numbers: numbers.map(({ phoneNumber, friendlyName, smsUrl }) => ({
          phoneNumber,
          friendlyName,
          smsUrl,
        })),
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
      method: "post",
      path: "/api/twilio/config/simulator",
      summary: "Connects the workspace to the built-in simulator.",
      access: "admin",
      body: connectSimulatorRequest,
      response: twilioConfig,
    },
    (context, { caller, body }) => {
      const simulator = findSimulator(context.database);
      if (!simulator) {
        throw new DomainError("not_found", "The simulator is switched off. Set SIMULATOR=true.");
      }
      const credentials = simulator.openAccount(body.workspaceId);
      return connectTwilio(context, caller, { ...body, ...credentials, replaceForeignUrls: true });
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
      method: "post",
      path: "/api/twilio/phone-numbers/sync",
      summary: "Reads the numbers again and points those here that point nowhere.",
      access: "admin",
      body: twilioWorkspaceQuery,
      response: twilioNumberList,
    },
    async (context, { caller, body: { workspaceId } }) => {
      const credentials = await getCredentials(context, workspaceId);
      const items = await syncNumbers(context, caller, workspaceId, credentials, {
        replaceForeignUrls: false,
      });
      await context.database.asMember(caller.userId, (trx) =>
        sql`
          select private.append_audit(
            ${workspaceId}, 'twilio.numbers_read', null,
            ${JSON.stringify({ count: items.length })}::text::jsonb
          )
        `.execute(trx),
      );
      return { items };
    },
  ),
];
