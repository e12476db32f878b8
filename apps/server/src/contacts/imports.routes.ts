import {
  beginImportRequest,
  checkImportRequest,
  contactImport,
  contactImportList,
  importOutcomes,
  undoImportProgress,
} from "@livechat/shared";
import * as z from "zod";
import { type Endpoint, endpoint, ofWorkspace } from "../http/endpoint.ts";
import { beginImport, listImports } from "./contact-imports-store.ts";
import { checkImport, importRows } from "./import-contacts.ts";
import { undoImport } from "./undo-import.ts";

const ofImport = ofWorkspace.extend({ importId: z.uuid() });

/** Bringing contacts in from a file, some rows at a time, and taking them back. */
export const importEndpoints: Endpoint[] = [
  endpoint(
    {
      method: "get",
      path: "/api/workspaces/:workspaceId/contact-imports",
      summary: "List the latest imports of contacts",
      access: "admin",
      params: ofWorkspace,
      response: contactImportList,
    },
    async ({ database }, { params, caller }) => ({
      items: await database.asMember(caller.userId, (trx) => listImports(trx, params.workspaceId)),
    }),
  ),
  endpoint(
    {
      method: "post",
      path: "/api/workspaces/:workspaceId/contact-imports/check",
      summary: "Say what rows of a file would do, and change nothing",
      access: "admin",
      params: ofWorkspace,
      body: checkImportRequest,
      response: importOutcomes,
    },
    async ({ database }, { params, body, caller }) => ({
      items: await checkImport(database, caller.userId, params.workspaceId, body),
    }),
  ),
  endpoint(
    {
      method: "post",
      path: "/api/workspaces/:workspaceId/contact-imports",
      summary: "Begin an import of contacts",
      access: "admin",
      params: ofWorkspace,
      body: beginImportRequest,
      response: contactImport,
      status: 201,
    },
    ({ database }, { params, body, caller }) =>
      database.asMember(caller.userId, (trx) =>
        beginImport(trx, caller.userId, params.workspaceId, body),
      ),
  ),
  endpoint(
    {
      method: "post",
      path: "/api/workspaces/:workspaceId/contact-imports/:importId/rows",
      summary: "Add or change the contacts of some rows",
      access: "admin",
      params: ofImport,
      body: checkImportRequest,
      response: importOutcomes,
    },
    async ({ database }, { params, body, caller }) => ({
      items: await importRows(database, caller.userId, params, body),
    }),
  ),
  endpoint(
    {
      method: "post",
      path: "/api/workspaces/:workspaceId/contact-imports/:importId/undo",
      summary: "Take a part of an import back; again until nothing is left",
      access: "admin",
      params: ofImport,
      response: undoImportProgress,
    },
    (context, { params, caller }) => undoImport(context, caller.userId, params),
  ),
];
