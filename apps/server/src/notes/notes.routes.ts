import {
  addNoteRequest,
  listMentionsQuery,
  mentionList,
  note,
  updateNoteRequest,
} from "@livechat/shared";
import * as z from "zod";
import { type Endpoint, endpoint, ofContact, ofWorkspace } from "../http/endpoint.ts";
import { addNote } from "./add-note.ts";
import { listMentions } from "./list-mentions.ts";
import { readMentions } from "./read-mentions.ts";
import { removeNote } from "./remove-note.ts";
import { updateNote } from "./update-note.ts";

const ofNote = ofWorkspace.extend({ noteId: z.uuid() });

/** What agents write to each other, and whom they call by it. */
export const noteEndpoints: Endpoint[] = [
  endpoint(
    {
      method: "post",
      path: "/api/workspaces/:workspaceId/contacts/:contactId/notes",
      summary: "Add an internal note to a conversation, once per id",
      access: "member",
      params: ofContact,
      body: addNoteRequest,
      response: note,
      status: 201,
    },
    ({ database }, { params, body, caller }) => addNote(database, caller.userId, params, body),
  ),
  endpoint(
    {
      method: "patch",
      path: "/api/workspaces/:workspaceId/notes/:noteId",
      summary: "Change a note of one's own",
      access: "member",
      params: ofNote,
      body: updateNoteRequest,
      response: note,
    },
    ({ database }, { params, body, caller }) => updateNote(database, caller.userId, params, body),
  ),
  endpoint(
    {
      method: "delete",
      path: "/api/workspaces/:workspaceId/notes/:noteId",
      summary: "Remove a note of one's own",
      access: "member",
      params: ofNote,
    },
    ({ database }, { params, caller }) => removeNote(database, caller.userId, params),
  ),
  endpoint(
    {
      method: "get",
      path: "/api/workspaces/:workspaceId/mentions",
      summary: "List the notes that mention the caller, the latest first",
      access: "member",
      params: ofWorkspace,
      query: listMentionsQuery,
      response: mentionList,
    },
    ({ database }, { params, query, caller }) =>
      listMentions(database, caller.userId, params.workspaceId, query),
  ),
  endpoint(
    {
      method: "post",
      path: "/api/workspaces/:workspaceId/contacts/:contactId/mentions/read",
      summary: "Mark what mentions the caller in a conversation as seen",
      access: "member",
      params: ofContact,
    },
    ({ database }, { params, caller }) => readMentions(database, caller.userId, params),
  ),
];
