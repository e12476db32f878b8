import { Router } from "express";
import { exportContacts } from "../contacts/export-contacts.ts";
import type { Context } from "../context.ts";
import { csvRoute } from "../http/csv-route.ts";
import { ofContact, ofWorkspace } from "../http/endpoint.ts";
import { exportConversation } from "./export-conversation.ts";

/** Contacts and conversations as files. All contacts at once are for admins. */
export function exportRoutes(context: Context): Router {
  const { database } = context;
  const router = Router();
  router.use(
    csvRoute(
      context,
      {
        path: "/api/workspaces/:workspaceId/contacts.csv",
        access: "admin",
        params: ofWorkspace,
      },
      ({ workspaceId }, userId) => ({
        fileName: "contacts.csv",
        lines: exportContacts(database, userId, workspaceId),
      }),
    ),
    csvRoute(
      context,
      {
        path: "/api/workspaces/:workspaceId/contacts/:contactId/messages.csv",
        access: "member",
        params: ofContact,
      },
      (params, userId) => ({
        fileName: "conversation.csv",
        lines: exportConversation(database, userId, params),
      }),
    ),
  );
  return router;
}
