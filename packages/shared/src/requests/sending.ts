import * as z from "zod";
import { contact, message, senderAddress, sendingState } from "../resources.ts";
import { cursor, pageSize, snapshot } from "./fields.ts";
import { maxMediaPerText, maxTextLength } from "./messages.ts";

/** The plan's request, plus what makes it safe to repeat. */
export const sendSmsRequest = z.object({
  workspaceId: z.uuid(),
  contactId: z.uuid(),
  /** May be empty only beside media. */
  message: z.string().max(maxTextLength * 10),
  /** Links that an upload to this server returned. */
  mediaUrls: z
    .array(z.url())
    .max(maxMediaPerText * 10)
    .default([]),
  /** Made by the caller: a second request with the same id sends nothing again. */
  id: z.uuid().optional(),
  /** Absent: the number that the customer wrote to last, else the contact's or the workspace's choice. */
  from: senderAddress.optional(),
  /** Which of the contact's numbers. Absent: the one that they wrote from last, else `phoneNumber`. */
  to: z.string().max(64).optional(),
  /** Keeps the text until then instead of sending it now. */
  scheduledFor: z.iso.datetime({ offset: true }).optional(),
  /** With `scheduledFor`: an answer of the customer's calls it off. */
  cancelOnReply: z.boolean().default(false),
  /** Sends it although the number was known as a landline. */
  sendAnyway: z.boolean().default(false),
});
export type SendSmsRequest = z.input<typeof sendSmsRequest>;
export const sendSmsResponse = z.object({
  success: z.literal(true),
  message,
  /** Null while the carrier has not answered yet. */
  twilioSid: z.string().nullable(),
});
export type SendSmsResponse = z.infer<typeof sendSmsResponse>;

/** An agent's word on a text whose fate no machine can tell. */
export const settleMessageRequest = z.object({ verdict: z.enum(["send_again", "arrived"]) });
export type SettleMessageRequest = z.infer<typeof settleMessageRequest>;

/** Changes a scheduled text; what is absent stays. */
export const editScheduledRequest = z
  .object({
    message: z.string().max(maxTextLength * 10),
    scheduledFor: z.iso.datetime({ offset: true }),
    cancelOnReply: z.boolean(),
  })
  .partial();
export type EditScheduledRequest = z.infer<typeof editScheduledRequest>;

export const listScheduledQuery = z.object({ cursor, limit: pageSize(50) });
/** What waits for its time, the next first. */
export const scheduledList = z.object({
  items: z.array(z.object({ message, contact })),
  nextCursor: z.string().nullable(),
});
export type ScheduledList = z.infer<typeof scheduledList>;

export const sendingSnapshot = z.object({ ...snapshot, sending: sendingState });
export type SendingSnapshot = z.infer<typeof sendingSnapshot>;
export const updateSendingRequest = z.object({ defaultSender: senderAddress.nullable() });

/** What texts can go out from. */
export const sender = z.object({
  address: senderAddress,
  kind: z.enum(["long_code", "toll_free", "short_code", "international", "service"]),
  label: z.string(),
  /** Whether it carries files. */
  mms: z.boolean(),
  isDefault: z.boolean(),
  /** What it is paced to, and whether an admin set that. */
  segmentsPerSecond: z.number().positive(),
  isPaceSet: z.boolean(),
});
export type Sender = z.infer<typeof sender>;
export const senderList = z.object({ items: z.array(sender) });
export type SenderList = z.infer<typeof senderList>;
export const paceSenderRequest = z.object({
  /** Null: by the kind of the sender. */
  segmentsPerSecond: z.number().positive().max(1000).nullable(),
});
