import * as z from "zod";
import { messageStatus } from "./message-status.ts";

const isoTime = z.iso.datetime({ offset: true });

/** A place in a workspace's event log: events at or below it are already in the data beside it. */
export const asOfSeq = z.int().nonnegative();

export const workspaceRole = z.enum(["owner", "admin", "agent"]);
export type WorkspaceRole = z.infer<typeof workspaceRole>;

export const conversationStatus = z.enum(["Open", "Pending", "Done"]);
export type ConversationStatus = z.infer<typeof conversationStatus>;

export const addressType = z.enum(["e164", "short_code", "alphanumeric"]);

export const workspace = z.object({
  id: z.uuid(),
  name: z.string(),
  /** The caller's own role there. */
  role: workspaceRole,
  twilioConnected: z.boolean(),
  /** Whoever answers a conversation that is nobody's takes it on. */
  autoClaim: z.boolean(),
});
export type Workspace = z.infer<typeof workspace>;

export const member = z.object({
  userId: z.uuid(),
  displayName: z.string(),
  email: z.string(),
  role: workspaceRole,
});
export type Member = z.infer<typeof member>;

/** Values of a contact's custom fields, by the id of the field. A date is `YYYY-MM-DD`. */
export const customFieldValues = z.record(z.uuid(), z.union([z.string(), z.number()]));
export type CustomFieldValues = z.infer<typeof customFieldValues>;

export const contactFieldKind = z.enum(["text", "number", "date", "choice"]);
export type ContactFieldKind = z.infer<typeof contactFieldKind>;

/** A field that the admins of a workspace added to every contact. */
export const contactField = z.object({
  id: z.uuid(),
  label: z.string(),
  kind: contactFieldKind,
  /** What a `choice` may be; empty for other kinds. */
  choices: z.array(z.string()),
  position: z.int(),
  /** Since when it is no longer shown; its values are kept. */
  archivedAt: isoTime.nullable(),
});
export type ContactField = z.infer<typeof contactField>;

/** Another number of a person, from a contact that was merged into theirs. */
export const contactNumber = z.object({
  /** The merged contact; its id still leads to the conversation. */
  contactId: z.uuid(),
  phoneNumber: z.string(),
  addressType,
  /** Consent belongs to a number: this one's says nothing of the others. */
  optedOutAt: isoTime.nullable(),
});
export type ContactNumber = z.infer<typeof contactNumber>;

export const contact = z.object({
  id: z.uuid(),
  workspaceId: z.uuid(),
  /** As the carrier names them: E.164, a short code or an alphanumeric sender. */
  phoneNumber: z.string(),
  addressType,
  /** Their further numbers, since contacts were merged into this one. */
  otherNumbers: z.array(contactNumber).default([]),
  name: z.string().nullable(),
  email: z.string().nullable(),
  // The defaults are for events that were logged before contacts had a profile.
  company: z.string().nullable().default(null),
  /** As the IANA database names it, such as `America/New_York`. */
  timeZone: z.string().nullable().default(null),
  /** A BCP 47 tag, such as `en` or `pt-BR`. */
  language: z.string().nullable().default(null),
  about: z.string().nullable().default(null),
  customFields: customFieldValues.default({}),
  conversationStatus,
  unreadCount: z.int().nonnegative(),
  /** Whose conversation it is; null for nobody's. */
  assignedTo: z.uuid().nullable().default(null),
  /** Until then it is out of sight; a text from the customer ends that too. */
  snoozedUntil: isoTime.nullable().default(null),
  /** Texts of a blocked contact are kept, but call nobody, and none goes out. */
  blockedAt: isoTime.nullable().default(null),
  /** The first text that nobody has answered yet; null when none waits. */
  waitingSince: isoTime.nullable().default(null),
  tagIds: z.array(z.uuid()).default([]),
  /** Of `phoneNumber`; each of `otherNumbers` has its own. */
  optedOutAt: isoTime.nullable(),
  /** What texts to them go out from until they write; null: the workspace's default. */
  preferredSender: z.string().nullable().default(null),
  /** The number of ours that they wrote to last; null before their first text. */
  ourNumber: z.string().nullable().default(null),
  lastMessage: z.string().nullable(),
  lastMessageAt: isoTime.nullable(),
  lastMessageDirection: z.enum(["inbound", "outbound"]).nullable(),
  /** Who of the team wrote it; null for the customer's. */
  lastMessageBy: z.uuid().nullable().default(null),
  createdAt: isoTime,
  updatedAt: isoTime,
});
export type Contact = z.infer<typeof contact>;

export const messageMedia = z.object({
  id: z.uuid(),
  position: z.int().min(0).max(9),
  contentType: z.string(),
  fileName: z.string().nullable(),
  sizeBytes: z.int().nonnegative().nullable(),
  widthPx: z.int().positive().nullable(),
  heightPx: z.int().positive().nullable(),
  state: z.enum(["pending", "stored", "failed"]),
});
export type MessageMedia = z.infer<typeof messageMedia>;

/** What a customer's phone said about one of the texts: "Loved “See you at nine”". */
export const messageReaction = z.object({
  emoji: z.string(),
  /** When it came. */
  at: isoTime,
});
export type MessageReaction = z.infer<typeof messageReaction>;

/** A sender as Twilio names it: an E.164 number, a short code, or a Messaging Service's SID. */
export const senderAddress = z.string().regex(/^(\+[1-9]\d{6,14}|\d{3,8}|MG[0-9a-fA-F]{32})$/);

/** Whether the workspace's texts go out, and from where. */
export const sendingState = z.object({
  /** Since when everything waits, because Twilio refuses the account; null while all is well. */
  pausedAt: isoTime.nullable(),
  /** Twilio's error code, where it gave one. */
  pauseCode: z.int().nullable(),
  pauseReason: z.string().nullable(),
  /** When a waiting text next tries whether the account works again. */
  nextTryAt: isoTime.nullable(),
  /** What a new conversation is sent from; null: the first number that can text. */
  defaultSender: z.string().nullable(),
});
export type SendingState = z.infer<typeof sendingState>;

export const message = z.object({
  id: z.uuid(),
  workspaceId: z.uuid(),
  contactId: z.uuid(),
  direction: z.enum(["inbound", "outbound"]),
  content: z.string(),
  messageType: z.enum(["text", "media"]),
  media: z.array(messageMedia).max(10),
  status: messageStatus,
  errorCode: z.int().nullable(),
  errorMessage: z.string().nullable(),
  fromNumber: z.string().nullable(),
  toNumber: z.string().nullable(),
  twilioSid: z.string().nullable(),
  /** Those that hold now, the oldest first. */
  reactions: z.array(messageReaction).default([]),
  /** What it cost, once the carrier has said so: a decimal number, such as "0.0079". */
  price: z.string().nullable().default(null),
  /** The currency of `price`, such as "USD". */
  priceUnit: z.string().nullable().default(null),
  /** The Messaging Service it goes through; then `fromNumber` is known once Twilio has chosen. */
  messagingServiceSid: z.string().nullable().default(null),
  /** When it goes out, or went out, if it was scheduled. */
  scheduledFor: isoTime.nullable().default(null),
  /** Whether an answer of the customer's calls it off while it is scheduled. */
  cancelOnReply: z.boolean().default(false),
  /** What Twilio bills it as; null until that is known. */
  numSegments: z.int().nonnegative().nullable().default(null),
  /** How many times a person has asked for it to be sent. */
  round: z.int().positive().default(1),
  /** Whether sending it again as it is can help. */
  canRetry: z.boolean().default(false),
  /** Whether it never left us and may be removed. */
  canDelete: z.boolean().default(false),
  /** The agent who wrote it; null for inbound texts. */
  createdBy: z.uuid().nullable(),
  /** Whether it was read from Twilio's list after a restore, so that nobody knows who wrote it. */
  isRecovered: z.boolean().default(false),
  createdAt: isoTime,
  updatedAt: isoTime,
});
export type Message = z.infer<typeof message>;

/** One entry of what is on record about a contact's wish to be texted. */
export const contactConsent = z.object({
  id: z.uuid(),
  /** `asked_for_help` changes nothing. */
  action: z.enum(["opted_out", "opted_in", "asked_for_help"]),
  /** A word of the customer's, the carrier's own handling of it, its refusal of a text, or an agent. */
  source: z.enum(["keyword", "opt_out_type", "carrier_error", "agent"]),
  /** What the customer wrote, or why the agent did it. */
  note: z.string().nullable(),
  /** The customer's number that it holds for. */
  phoneNumber: z.string(),
  /** The number of ours that it was said to. */
  ourNumber: z.string().nullable(),
  errorCode: z.int().nullable(),
  /** The agent; null for everyone else. */
  actorId: z.uuid().nullable(),
  actorName: z.string().nullable(),
  at: isoTime,
});
export type ContactConsent = z.infer<typeof contactConsent>;

/** What Twilio sent with a good signature and could not be used yet. For admins. */
export const quarantinedReceipt = z.object({
  id: z.uuid(),
  kind: z.enum(["inbound", "status"]),
  /** Why it could not be used, as it was found the last time. */
  reason: z.string(),
  from: z.string().nullable(),
  to: z.string().nullable(),
  /** The beginning of the text, where there is one. */
  preview: z.string().nullable(),
  /** How often it was tried again. */
  tries: z.int().nonnegative(),
  triedAt: isoTime.nullable(),
  receivedAt: isoTime,
});
export type QuarantinedReceipt = z.infer<typeof quarantinedReceipt>;
