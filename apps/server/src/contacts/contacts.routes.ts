import {
  contact,
  contactList,
  createContactRequest,
  listContactsQuery,
  readContactRequest,
  updateContactRequest,
} from "@livechat/shared";
import * as z from "zod";
import { type Endpoint, endpoint } from "../http/endpoint.ts";
import { createContact } from "./create-contact.ts";
import { getContact } from "./get-contact.ts";
import { listContacts } from "./list-contacts.ts";
import { presentContact } from "./present-contact.ts";
import { readContact } from "./read-contact.ts";
import { updateContact } from "./update-contact.ts";

const ofWorkspace = z.object({ workspaceId: z.uuid() });
const ofContact = z.object({ workspaceId: z.uuid(), contactId: z.uuid() });

/** The people whom a workspace texts with: list, add, open, change, mark as read. */
export const contactEndpoints: Endpoint[] = [
  endpoint(
    {
      method: "get",
      path: "/api/workspaces/:workspaceId/contacts",
      summary: "List contacts, the latest conversation first",
      access: "member",
      params: ofWorkspace,
      query: listContactsQuery,
      response: contactList,
    },
    ({ database }, { params, query, caller }) =>
      listContacts(database, caller.userId, params.workspaceId, query),
  ),
  endpoint(
    {
      method: "post",
      path: "/api/workspaces/:workspaceId/contacts",
      summary: "Add a contact",
      access: "member",
      params: ofWorkspace,
      body: createContactRequest,
      response: contact,
      status: 201,
    },
    ({ database }, { params, body, caller }) =>
      createContact(database, caller.userId, params.workspaceId, body),
  ),
  endpoint(
    {
      method: "get",
      path: "/api/workspaces/:workspaceId/contacts/:contactId",
      summary: "Read one contact",
      access: "member",
      params: ofContact,
      response: contact,
    },
    ({ database }, { params, caller }) =>
      database.asMember(caller.userId, async (trx) =>
        presentContact(await getContact(trx, params.workspaceId, params.contactId)),
      ),
  ),
  endpoint(
    {
      method: "patch",
      path: "/api/workspaces/:workspaceId/contacts/:contactId",
      summary: "Change a contact's name, e-mail or conversation status",
      access: "member",
      params: ofContact,
      body: updateContactRequest,
      response: contact,
    },
    ({ database }, { params, body, caller }) =>
      updateContact(database, caller.userId, params.workspaceId, params.contactId, body),
  ),
  endpoint(
    {
      method: "post",
      path: "/api/workspaces/:workspaceId/contacts/:contactId/read",
      summary: "Mark a conversation as read, up to the newest text that was seen",
      access: "member",
      params: ofContact,
      body: readContactRequest,
      response: contact,
    },
    ({ database }, { params, body, caller }) =>
      readContact(
        database,
        caller.userId,
        params.workspaceId,
        params.contactId,
        body.upToMessageId,
      ),
  ),
];
