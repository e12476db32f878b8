import { changeOptOutRequest, contact, contactConsentList } from "@livechat/shared";
import { listConsents } from "../contacts/list-consents.ts";
import { type Endpoint, endpoint, ofContact } from "../http/endpoint.ts";
import { markOptedOut, undoOptOut } from "./change-opt-out.ts";

/** Whether a contact wants our texts: the record of it, and an agent's word. */
export const consentEndpoints: Endpoint[] = [
  endpoint(
    {
      method: "get",
      path: "/api/workspaces/:workspaceId/contacts/:contactId/consents",
      summary: "Everything on record about a contact's wish to be texted, the newest first",
      access: "member",
      params: ofContact,
      response: contactConsentList,
    },
    ({ database }, { params, caller }) => listConsents(database, caller.userId, params),
  ),
  endpoint(
    {
      method: "post",
      path: "/api/workspaces/:workspaceId/contacts/:contactId/opt-out",
      summary: "Mark a contact who asked in their own words not to be texted",
      access: "member",
      params: ofContact,
      body: changeOptOutRequest,
      response: contact,
    },
    ({ database }, { params, body, caller }) =>
      markOptedOut(database, caller.userId, { ...params, note: body.note || null }),
  ),
  endpoint(
    {
      method: "post",
      path: "/api/workspaces/:workspaceId/contacts/:contactId/opt-out/undo",
      summary: "Take back what agents marked; a customer's own STOP only they take back",
      access: "member",
      params: ofContact,
      body: changeOptOutRequest,
      response: contact,
    },
    ({ database }, { params, body, caller }) =>
      undoOptOut(database, caller.userId, { ...params, note: body.note || null }),
  ),
];
