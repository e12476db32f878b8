import {
  contactSearchPage,
  messageSearchPage,
  noteSearchPage,
  searchContactsQuery,
  searchMessagesQuery,
  searchNotesQuery,
} from "@livechat/shared";
import { type Endpoint, endpoint, ofWorkspace } from "../http/endpoint.ts";
import { searchContacts } from "./search-contacts.ts";
import { searchMessages } from "./search-messages.ts";
import { searchNotes } from "./search-notes.ts";

/** Finding people and texts. */
export const searchEndpoints: Endpoint[] = [
  endpoint(
    {
      method: "get",
      path: "/api/workspaces/:workspaceId/search/contacts",
      summary: "Find contacts by what is known of them, or those nearest to it",
      access: "member",
      params: ofWorkspace,
      query: searchContactsQuery,
      response: contactSearchPage,
    },
    ({ database }, { params, query, caller }) =>
      searchContacts(database, caller.userId, params.workspaceId, query),
  ),
  endpoint(
    {
      method: "get",
      path: "/api/workspaces/:workspaceId/search/messages",
      summary: "Find texts by their words, in all conversations or in one",
      access: "member",
      params: ofWorkspace,
      query: searchMessagesQuery,
      response: messageSearchPage,
    },
    ({ database }, { params, query, caller }) =>
      searchMessages(database, caller.userId, params.workspaceId, query),
  ),
  endpoint(
    {
      method: "get",
      path: "/api/workspaces/:workspaceId/search/notes",
      summary: "Find private notes by their words",
      access: "member",
      params: ofWorkspace,
      query: searchNotesQuery,
      response: noteSearchPage,
    },
    ({ database }, { params, query, caller }) =>
      searchNotes(database, caller.userId, params.workspaceId, query),
  ),
];
