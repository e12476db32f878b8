import * as z from "zod";
import { type LogEventPayload, type LogEventType, logEvents } from "./events.ts";
import { type Problem, problem } from "./problem.ts";
import { type SendSmsResponse, sendSmsRequest, sendSmsResponse } from "./requests/sending.ts";

/** Who of the workspace is here, and what they look at. Never in the log: it is true only now. */
export const presentPerson = z.object({
  userId: z.uuid(),
  displayName: z.string(),
  viewingContactId: z.uuid().nullable(),
  typingContactId: z.uuid().nullable(),
  /** The inbox is open, but nobody has looked at it or touched it for a while. */
  isAway: z.boolean().default(false),
});
export type PresentPerson = z.infer<typeof presentPerson>;

/** Where a workspace's log ends. A browser that is behind it fetches what it lacks. */
export const streamHead = z.object({
  workspaceId: z.uuid(),
  epoch: z.uuid(),
  head: z.int().nonnegative(),
});
export type StreamHead = z.infer<typeof streamHead>;

const logEntry = <T extends LogEventType>(type: T) =>
  z.object({
    workspaceId: z.uuid(),
    epoch: z.uuid(),
    seq: z.int().positive(),
    payload: logEvents[type],
  });

/** Every event that the server may push. Adding one breaks both builds until both sides know it. */
export const serverEvents = {
  new_message: logEntry("new_message"),
  message_updated: logEntry("message_updated"),
  message_deleted: logEntry("message_deleted"),
  contact_updated: logEntry("contact_updated"),
  contact_removed: logEntry("contact_removed"),
  contacts_merged: logEntry("contacts_merged"),
  contact_unmerged: logEntry("contact_unmerged"),
  note_added: logEntry("note_added"),
  note_updated: logEntry("note_updated"),
  note_removed: logEntry("note_removed"),
  mentions_read: logEntry("mentions_read"),
  tag_saved: logEntry("tag_saved"),
  tag_removed: logEntry("tag_removed"),
  contact_field_updated: logEntry("contact_field_updated"),
  quarantine_changed: logEntry("quarantine_changed"),
  member_added: logEntry("member_added"),
  member_removed: logEntry("member_removed"),
  sending_updated: logEntry("sending_updated"),
  canned_reply_saved: logEntry("canned_reply_saved"),
  canned_reply_removed: logEntry("canned_reply_removed"),
  line_updated: logEntry("line_updated"),
  saved_views_changed: logEntry("saved_views_changed"),
  /** To the sender's socket: what became of its `send_message`, beside the acknowledgement. */
  message_sent: sendSmsResponse,
  message_error: z.object({ id: z.uuid().nullable(), problem }),
  presence: z.object({ workspaceId: z.uuid(), people: z.array(presentPerson) }),
  heartbeat: streamHead,
  /** First of all on a connection: which build of the screens this server gives out; null when it has none. */
  welcome: z.object({ build: z.string().nullable() }),
  /** The socket was taken out of the workspace's room: no further event of it will come. */
  workspace_left: z.object({ workspaceId: z.uuid(), reason: z.enum(["removed", "asked"]) }),
  /** The socket closes after this: sign in again, or fetch what is new. */
  error: z.object({ problem }),
} as const satisfies Record<string, z.ZodType>;

/** Everything that a browser may ask over its socket. Each ask is acknowledged. */
export const clientEvents = {
  join_workspace: z.object({ workspaceId: z.uuid() }),
  leave_workspace: z.object({ workspaceId: z.uuid() }),
  send_message: sendSmsRequest,
  typing: z.object({ workspaceId: z.uuid(), contactId: z.uuid(), isTyping: z.boolean() }),
  viewing: z.object({ workspaceId: z.uuid(), contactId: z.uuid().nullable() }),
  away: z.object({ workspaceId: z.uuid(), isAway: z.boolean() }),
  /** The same person's newer token: the socket then stays open until that one runs out. */
  renew_token: z.object({ token: z.string().min(1).max(8_192) }),
} as const satisfies Record<string, z.ZodType>;

/** What each ask returns when it is granted. */
export interface ClientEventResults {
  join_workspace: StreamHead & { people: PresentPerson[] };
  leave_workspace: null;
  send_message: SendSmsResponse;
  typing: null;
  viewing: null;
  away: null;
  renew_token: null;
}

export type Acknowledgement<T> = { ok: true; result: T } | { ok: false; problem: Problem };

export type ServerEventName = keyof typeof serverEvents;
export type ClientEventName = keyof typeof clientEvents;

export type ServerToClientEvents = {
  [N in ServerEventName]: (payload: z.infer<(typeof serverEvents)[N]>) => void;
};
export type ClientToServerEvents = {
  [N in ClientEventName]: (
    payload: z.input<(typeof clientEvents)[N]>,
    acknowledge: (answer: Acknowledgement<ClientEventResults[N]>) => void,
  ) => void;
};

/** A log event as it travels: `LogEvent` plus whose log it is. */
export type PushedLogEvent<T extends LogEventType = LogEventType> = {
  workspaceId: string;
  epoch: string;
  seq: number;
  payload: LogEventPayload<T>;
};
