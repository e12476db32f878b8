import * as z from "zod";
import { operation } from "../load/history.ts";

const shown = z.record(z.string(), z.record(z.string(), z.unknown()));

/** Everything that the checker looks at: the outside's view, the carrier's, the database's and the browsers'. */
export const evidence = z.object({
  seed: z.string(),
  workspaceId: z.string(),
  /** What was asked, as the askers saw it. */
  history: z.array(operation),
  /** What the carrier took, in its order. */
  carrier: z.array(
    z.object({
      sid: z.string(),
      direction: z.enum(["inbound", "outbound-api", "outbound-reply"]),
      from: z.string().nullable(),
      to: z.string(),
      body: z.string(),
      status: z.string(),
      numMedia: z.number(),
      errorCode: z.number().nullable(),
      dateCreated: z.string(),
    }),
  ),
  /** The carrier's posts to us and how each was answered. */
  attempts: z.array(
    z.object({ kind: z.string(), messageSid: z.string(), status: z.number().nullable() }),
  ),
  database: z.object({
    /** In the order of the thread. */
    messages: z.array(
      z.object({
        id: z.string(),
        contactId: z.string(),
        phoneNumber: z.string(),
        direction: z.enum(["inbound", "outbound"]),
        content: z.string(),
        status: z.string(),
        twilioSid: z.string().nullable(),
        attempt: z.number(),
        errorCode: z.number().nullable(),
        sendingSince: z.string().nullable(),
        createdAt: z.string(),
        fileCount: z.number(),
        pendingFileCount: z.number(),
      }),
    ),
    contacts: z.array(
      z.object({
        id: z.string(),
        phoneNumber: z.string(),
        unreadCount: z.number(),
      }),
    ),
    events: z.array(
      z.object({
        seq: z.number(),
        type: z.string(),
        messageId: z.string().nullable(),
        status: z.string().nullable(),
      }),
    ),
    lastSeq: z.number(),
    /** When each STOP was committed, by the customer's number. */
    stops: z.array(z.object({ phoneNumber: z.string(), at: z.string(), until: z.string() })),
  }),
  browsers: z.array(
    z.object({
      name: z.string(),
      lastSeq: z.number(),
      state: shown,
      contradictions: z.array(z.string()),
      restarts: z.number(),
    }),
  ),
  /** What a browser shows that opens at the end. */
  fresh: shown,
  /** Secrets that were found where none may be, by the place; never the secret itself. */
  leaks: z.array(z.string()),
  crashes: z.array(z.string()),
});
export type Evidence = z.infer<typeof evidence>;
