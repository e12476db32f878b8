import {
  contact,
  distinguishContactsRequest,
  duplicateList,
  listDuplicatesQuery,
  mergeContactsRequest,
  mergePreview,
  mergePreviewQuery,
  unmergeContactRequest,
  unmergedContacts,
} from "@livechat/shared";
import { distinguishContacts } from "../contacts/distinguish-contacts.ts";
import { listDuplicates } from "../contacts/list-duplicates.ts";
import { previewMerge } from "../contacts/preview-merge.ts";
import { type Endpoint, endpoint, ofContact, ofWorkspace } from "../http/endpoint.ts";
import { mergeContacts, unmergeContact } from "./merge-contacts.ts";

/** Contacts that are one person: found, made one, and taken apart again. */
export const mergeEndpoints: Endpoint[] = [
  endpoint(
    {
      method: "get",
      path: "/api/workspaces/:workspaceId/contacts/:contactId/merge",
      summary: "Say what merging another contact into this one would move",
      access: "member",
      params: ofContact,
      query: mergePreviewQuery,
      response: mergePreview,
    },
    ({ database }, { params, query, caller }) =>
      previewMerge(database, caller.userId, params, query.absorbedId),
  ),
  endpoint(
    {
      method: "post",
      path: "/api/workspaces/:workspaceId/contacts/:contactId/merge",
      summary: "Merge another contact into this one",
      access: "member",
      params: ofContact,
      body: mergeContactsRequest,
      response: contact,
    },
    (context, { params, body, caller }) => mergeContacts(context, caller.userId, params, body),
  ),
  endpoint(
    {
      method: "post",
      path: "/api/workspaces/:workspaceId/contacts/:contactId/unmerge",
      summary: "Give a merged contact back what is its own",
      access: "member",
      params: ofContact,
      body: unmergeContactRequest,
      response: unmergedContacts,
    },
    (context, { params, body, caller }) =>
      unmergeContact(context, caller.userId, params, body.absorbedId.toLowerCase()),
  ),
  endpoint(
    {
      method: "get",
      path: "/api/workspaces/:workspaceId/duplicates",
      summary: "List contacts that may be one person",
      access: "member",
      params: ofWorkspace,
      query: listDuplicatesQuery,
      response: duplicateList,
    },
    ({ database }, { params, query, caller }) =>
      listDuplicates(database, caller.userId, params.workspaceId, query.contactId ?? null),
  ),
  endpoint(
    {
      method: "post",
      path: "/api/workspaces/:workspaceId/duplicates/dismissals",
      summary: "Say that two contacts are different people",
      access: "member",
      params: ofWorkspace,
      body: distinguishContactsRequest,
    },
    ({ database }, { params, body, caller }) =>
      distinguishContacts(database, caller.userId, params.workspaceId, body),
  ),
];
