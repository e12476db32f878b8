import {
  contact,
  contactField,
  contactFieldList,
  contactList,
  createContactFieldRequest,
  createContactRequest,
  listContactsQuery,
  readContactRequest,
  updateContactFieldRequest,
  updateContactRequest,
} from "@livechat/shared";
import * as z from "zod";
import { type Endpoint, endpoint, ofContact, ofWorkspace } from "../http/endpoint.ts";
import { createContact } from "./create-contact.ts";
import { createContactField } from "./create-contact-field.ts";
import { followContact } from "./get-contact.ts";
import { listContactFields } from "./list-contact-fields.ts";
import { listContacts } from "./list-contacts.ts";
import { presentContact } from "./present-contact.ts";
import { readContact } from "./read-contact.ts";
import { updateContact } from "./update-contact.ts";
import { updateContactField } from "./update-contact-field.ts";

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
      summary: "Read one contact, or the one that it was merged into",
      access: "member",
      params: ofContact,
      response: contact,
    },
    ({ database }, { params, caller }) =>
      database.asMember(caller.userId, async (trx) =>
        presentContact(await followContact(trx, params.workspaceId, params.contactId)),
      ),
  ),
  endpoint(
    {
      method: "patch",
      path: "/api/workspaces/:workspaceId/contacts/:contactId",
      summary: "Change what is known of a contact, or the conversation's status",
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
  endpoint(
    {
      method: "get",
      path: "/api/workspaces/:workspaceId/contact-fields",
      summary: "List the fields that the workspace added to its contacts",
      access: "member",
      params: ofWorkspace,
      response: contactFieldList,
    },
    ({ database }, { params, caller }) =>
      listContactFields(database, caller.userId, params.workspaceId),
  ),
  endpoint(
    {
      method: "post",
      path: "/api/workspaces/:workspaceId/contact-fields",
      summary: "Add a field to every contact",
      access: "admin",
      params: ofWorkspace,
      body: createContactFieldRequest,
      response: contactField,
      status: 201,
    },
    ({ database }, { params, body, caller }) =>
      createContactField(database, caller.userId, params.workspaceId, body),
  ),
  endpoint(
    {
      method: "patch",
      path: "/api/workspaces/:workspaceId/contact-fields/:fieldId",
      summary: "Rename, reorder, archive or restore a field of contacts",
      access: "admin",
      params: ofWorkspace.extend({ fieldId: z.uuid() }),
      body: updateContactFieldRequest,
      response: contactField,
    },
    ({ database }, { params, body, caller }) =>
      updateContactField(database, caller.userId, params, body),
  ),
];
