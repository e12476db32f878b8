import * as z from "zod";
import { contactSort, contactView, viewCounts } from "./contact-views.ts";
import {
  activity,
  maxNoteLength,
  maxTagsPerContact,
  mention,
  note,
  tag,
  tagColour,
} from "./conversation.ts";
import { language, timeZone } from "./locale.ts";
import { messagingService, webhookProposal } from "./phone-line.ts";
import {
  asOfSeq,
  contact,
  contactConsent,
  contactField,
  contactFieldKind,
  conversationStatus,
  member,
  message,
  quarantinedReceipt,
  senderAddress,
  sendingState,
  workspaceRole,
} from "./resources.ts";

/** Longest text that Twilio takes, in UTF-16 code units. Source: Twilio error 21617. */
export const maxTextLength = 1600;

/** Most files that one text carries. Source: Twilio, "MediaUrl". */
export const maxMediaPerText = 10;

/** Largest file that an agent may attach, before pictures are shrunk to fit. */
export const maxUploadBytes = 25 * 1024 * 1024;

/** Where a snapshot stands in the workspace's log: events up to `asOfSeq` are in it. */
const snapshot = { epoch: z.uuid(), asOfSeq };

const pageSize = (fallback: number) => z.coerce.number().int().min(1).max(100).default(fallback);
const cursor = z.string().max(500).optional();
const name = z.string().trim().min(1).max(200);
const email = z.email().max(320);
const contactProfile = {
  company: z.string().trim().min(1).max(200).nullable(),
  timeZone: timeZone.nullable(),
  language: language.nullable(),
  about: z.string().trim().min(1).max(5000).nullable(),
};

/** What a browser needs before anyone has signed in. */
export const appConfig = z.object({
  /** Where supabase-js signs in: our own address, or the Supabase project's. */
  authUrl: z.url(),
  publishableKey: z.string(),
  isSimulatorOn: z.boolean(),
  /** True for anyone who holds no invitation. */
  isSignupOpen: z.boolean(),
  /** True until the first account is there, whose person sets the installation up. */
  needsFirstAccount: z.boolean(),
  version: z.string(),
});
export type AppConfig = z.infer<typeof appConfig>;

export const me = z.object({
  userId: z.uuid(),
  email: z.string(),
  displayName: z.string(),
  /** Whether this person may create a workspace. */
  canCreateWorkspace: z.boolean(),
  workspaces: z.array(
    z.object({
      id: z.uuid(),
      name: z.string(),
      role: workspaceRole,
      twilioConnected: z.boolean(),
      autoClaim: z.boolean(),
    }),
  ),
});
export type Me = z.infer<typeof me>;

export const updateMeRequest = z.object({ displayName: name });
export const createWorkspaceRequest = z.object({ name });
export const updateWorkspaceRequest = z.object({ name, autoClaim: z.boolean() }).partial();
export const updateMemberRequest = z.object({ role: workspaceRole });

export const memberList = z.object({ ...snapshot, items: z.array(member) });
export type MemberList = z.infer<typeof memberList>;

export const invite = z.object({
  id: z.uuid(),
  email: z.string().nullable(),
  role: z.enum(["admin", "agent"]),
  expiresAt: z.iso.datetime({ offset: true }),
  acceptedAt: z.iso.datetime({ offset: true }).nullable(),
  createdAt: z.iso.datetime({ offset: true }),
});
export type Invite = z.infer<typeof invite>;
export const createInviteRequest = z.object({
  email: email.nullish(),
  role: z.enum(["admin", "agent"]).default("agent"),
});
/** The only time that the link is shown: only the hash of its token is kept. */
export const createdInvite = z.object({ invite, url: z.url() });
export type CreatedInvite = z.infer<typeof createdInvite>;
export const inviteList = z.object({ items: z.array(invite) });
/** What the holder of an invitation's link is told before joining. */
export const invitePreview = z.object({
  workspaceName: z.string(),
  email: z.string().nullable(),
  role: z.enum(["admin", "agent"]),
});
export type InvitePreview = z.infer<typeof invitePreview>;

export const listContactsQuery = z.object({
  /** Part of a name, an address or an e-mail; digits match phone numbers however they are written. */
  q: z.string().trim().max(200).optional(),
  /** Only one part of the inbox; without it every contact, also one that was never texted. */
  view: contactView.optional(),
  /** Only contacts that wear this tag. */
  tagId: z.uuid().optional(),
  sort: contactSort.default("recent"),
  cursor,
  limit: pageSize(50),
});
export const contactList = z.object({
  ...snapshot,
  /** Of every view, whichever was asked for. */
  counts: viewCounts,
  /** The latest conversation first. */
  items: z.array(contact),
  nextCursor: z.string().nullable(),
});
export type ContactList = z.infer<typeof contactList>;
export const createContactRequest = z.object({
  /** As a person types it; kept as E.164. */
  phoneNumber: z.string().trim().min(3).max(64),
  name: name.nullish(),
  email: email.nullish(),
  ...z.object(contactProfile).partial().shape,
  /** What the conversation is begun from. */
  preferredSender: senderAddress.nullish(),
});
export const updateContactRequest = z
  .object({
    name: name.nullable(),
    email: email.nullable(),
    conversationStatus,
    ...contactProfile,
    /** Only the fields that change; null empties one. */
    customFields: z
      .record(z.uuid(), z.union([z.string().trim().max(1000), z.number(), z.null()]))
      .refine((values) => Object.keys(values).length <= 50, "has at most 50 fields"),
  })
  .partial();
export type UpdateContactRequest = z.infer<typeof updateContactRequest>;

export const contactFieldList = z.object({ ...snapshot, items: z.array(contactField) });
export type ContactFieldList = z.infer<typeof contactFieldList>;
const fieldLabel = z.string().trim().min(1).max(60);
const fieldChoices = z
  .array(z.string().trim().min(1).max(60))
  .min(1)
  .max(50)
  .refine((all) => new Set(all).size === all.length, "names a choice twice");
export const createContactFieldRequest = z.object({
  label: fieldLabel,
  kind: contactFieldKind,
  /** Only of a `choice`, and needed there. */
  choices: fieldChoices.optional(),
});
export type CreateContactFieldRequest = z.infer<typeof createContactFieldRequest>;
export const updateContactFieldRequest = z
  .object({
    label: fieldLabel,
    choices: fieldChoices,
    position: z.int().min(0).max(1000),
    isArchived: z.boolean(),
  })
  .partial();
export type UpdateContactFieldRequest = z.infer<typeof updateContactFieldRequest>;

export const listMessagesQuery = z
  .object({
    /** Goes on to earlier texts, from a page's `olderCursor`. */
    cursor,
    /** Goes on to later texts, from a page's `newerCursor`. */
    after: cursor,
    /** The text or the note in whose midst the page lies. */
    around: z.uuid().optional(),
    limit: pageSize(50),
  })
  .refine(
    (query) => [query.cursor, query.after, query.around].filter(Boolean).length <= 1,
    "Go on to earlier texts, to later ones, or look around one: not several at once.",
  );
export type ListMessagesQuery = z.output<typeof listMessagesQuery>;
export const messageList = z.object({
  ...snapshot,
  /** Oldest first, as a thread reads; the page ends where the cursor (or the present) is. */
  items: z.array(message),
  /** What agents noted and did in the time of this page, each oldest first. */
  notes: z.array(note),
  activities: z.array(activity),
  /** Leads to the page before this one; null at the very first text. */
  olderCursor: z.string().nullable(),
  /** Leads to the page after this one; null where the page reaches the present. */
  newerCursor: z.string().nullable(),
});
export type MessageList = z.infer<typeof messageList>;

/** What a conversation is to become. What is absent stays as it is. */
export const conversationChange = z
  .object({
    conversationStatus,
    /** Null ends a snooze. */
    snoozedUntil: z.iso.datetime({ offset: true }).nullable(),
    /** A member of the workspace; null for nobody. */
    assignedTo: z.uuid().nullable(),
    isBlocked: z.boolean(),
    isUnread: z.boolean(),
    addTagIds: z.array(z.uuid()).max(maxTagsPerContact),
    removeTagIds: z.array(z.uuid()).max(100),
  })
  .partial();
export type ConversationChange = z.infer<typeof conversationChange>;

/** What the caller saw: where it is otherwise by now, someone else was faster and nothing is changed. */
export const conversationExpectation = z
  .object({
    conversationStatus,
    snoozedUntil: z.iso.datetime({ offset: true }).nullable(),
    assignedTo: z.uuid().nullable(),
    isBlocked: z.boolean(),
  })
  .partial();
export type ConversationExpectation = z.infer<typeof conversationExpectation>;

export const changeConversationsRequest = z.object({
  changes: z
    .array(
      z.object({
        contactId: z.uuid(),
        set: conversationChange,
        expected: conversationExpectation.optional(),
      }),
    )
    .min(1)
    .max(100),
});
export type ChangeConversationsRequest = z.infer<typeof changeConversationsRequest>;
export const changedConversations = z.object({
  items: z.array(contact),
  /** Those that were left alone, as they are: somebody else had changed them. */
  conflicts: z.array(contact),
});
export type ChangedConversations = z.infer<typeof changedConversations>;

const noteBody = z.string().trim().min(1).max(maxNoteLength);
const mentionedIds = z.array(z.uuid()).max(50).default([]);
export const addNoteRequest = z.object({
  /** Made by the caller: a second request with the same id adds nothing. */
  id: z.uuid(),
  body: noteBody,
  mentionedIds,
});
export const updateNoteRequest = z.object({ body: noteBody, mentionedIds });
export const listMentionsQuery = z.object({ cursor, limit: pageSize(50) });
export const mentionList = z.object({
  ...snapshot,
  /** The latest first. */
  items: z.array(mention),
  /** The contacts of these notes. */
  contacts: z.array(contact),
  nextCursor: z.string().nullable(),
});
export type MentionList = z.infer<typeof mentionList>;

export const tagList = z.object({ ...snapshot, items: z.array(tag) });
export type TagList = z.infer<typeof tagList>;
const tagName = z.string().trim().min(1).max(50);
export const createTagRequest = z.object({ name: tagName, colour: tagColour.default("gray") });
export const updateTagRequest = z.object({ name: tagName, colour: tagColour }).partial();

export const readContactRequest = z.object({
  /** The newest message that was on the screen; later ones stay unread. Absent: everything. */
  upToMessageId: z.uuid().optional(),
});

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

/** One report of the carrier on a text. */
const statusReport = z.object({
  /** The carrier's own word. */
  status: z.string(),
  errorCode: z.int().nullable(),
  at: z.iso.datetime({ offset: true }),
  /** Whether we asked for it, instead of being told. */
  isAskedFor: z.boolean(),
});
/** One round of a text: what a person asked for, and how it ended or stands. */
export const messageAttempt = z.object({
  round: z.int().positive(),
  twilioSid: z.string().nullable(),
  fromNumber: z.string().nullable(),
  status: message.shape.status,
  errorCode: z.int().nullable(),
  errorMessage: z.string().nullable(),
  /** When a person asked for it. */
  since: z.iso.datetime({ offset: true }),
  /** When it was last handed to the carrier; null when it never was. */
  handedOverAt: z.iso.datetime({ offset: true }).nullable(),
  numSegments: z.int().nonnegative().nullable(),
  price: z.string().nullable(),
  priceUnit: z.string().nullable(),
  /** What the carrier reported of it, in the order in which that came. */
  reports: z.array(statusReport),
});
/** The first round first; the last one is what the text shows. */
export const messageAttemptList = z.object({ items: z.array(messageAttempt) });
export type MessageAttemptList = z.infer<typeof messageAttemptList>;

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

/** A file that waits to be sent. `url` goes into `mediaUrls` of the text. */
export const uploadedMedia = z.object({
  id: z.uuid(),
  url: z.url(),
  contentType: z.string(),
  fileName: z.string().nullable(),
  sizeBytes: z.int().nonnegative(),
  widthPx: z.int().positive().nullable(),
  heightPx: z.int().positive().nullable(),
});
export type UploadedMedia = z.infer<typeof uploadedMedia>;

export const mediaLinksRequest = z.object({ mediaIds: z.array(z.uuid()).min(1).max(100) });
/** Links that open without a session until they expire. Unknown ids are left out. */
export const mediaLinks = z.object({
  items: z.array(
    z.object({ mediaId: z.uuid(), url: z.url(), expiresAt: z.iso.datetime({ offset: true }) }),
  ),
});
export type MediaLinks = z.infer<typeof mediaLinks>;

export const listEventsQuery = z.object({
  after: z.coerce.number().int().nonnegative(),
  epoch: z.uuid().optional(),
  limit: z.coerce.number().int().min(1).max(500).default(500),
});

const accountSid = z
  .string()
  .trim()
  .regex(/^AC[0-9a-fA-F]{32}$/, "An Account SID is AC and 32 characters from 0-9 and a-f.");
const authToken = z.string().trim().min(1).max(200);

const apiKeySid = z
  .string()
  .trim()
  .regex(/^SK[0-9a-fA-F]{32}$/, "An API key's SID is SK and 32 characters from 0-9 and a-f.");
/** An API key, which sends in place of the Auth Token. Source: Twilio, "API keys". */
export const twilioApiKey = z.object({
  sid: apiKeySid,
  secret: z.string().trim().min(1).max(200),
});

export const twilioWorkspaceQuery = z.object({ workspaceId: z.uuid() });
export const testConnectionRequest = z.object({
  workspaceId: z.uuid(),
  accountSid,
  /** Also needed beside an API key: Twilio signs webhooks with it. Absent: the one that is kept for this account. */
  authToken: authToken.optional(),
  /** Absent: the one that is kept for this account; null: none. */
  apiKey: twilioApiKey.nullish(),
});
export type TestConnectionRequest = z.infer<typeof testConnectionRequest>;

export const twilioNumber = z.object({
  id: z.uuid(),
  phoneNumber: z.string(),
  twilioSid: z.string(),
  friendlyName: z.string().nullable(),
  capabilities: z.object({ sms: z.boolean(), mms: z.boolean(), voice: z.boolean() }),
  /** Where Twilio posts this number's texts now. */
  smsUrl: z.string().nullable(),
  /** Where it should post them. */
  expectedSmsUrl: z.string(),
  /** The Messaging Service that the number is in. */
  messagingServiceSid: z.string().nullable(),
});
export type TwilioNumber = z.infer<typeof twilioNumber>;
export const twilioNumberList = z.object({ items: z.array(twilioNumber) });

/** What Twilio said of these credentials, and what connecting would change there, before anything is saved. */
export const testConnectionResponse = z.object({
  success: z.literal(true),
  accountName: z.string(),
  accountType: z.enum(["Trial", "Full"]),
  accountStatus: z.string(),
  numbers: z.array(
    z.object({
      sid: z.string(),
      phoneNumber: z.string(),
      friendlyName: z.string().nullable(),
      canText: z.boolean(),
    }),
  ),
  proposals: z.array(webhookProposal),
});
export type TestConnectionResponse = z.infer<typeof testConnectionResponse>;

export const webhookType = z.enum(["global", "per_number"]);

/** Verifies, saves, reads the numbers, and points them here where nothing else is set. */
export const putTwilioConfigRequest = testConnectionRequest.extend({
  /**
   * `per_number`: each number carries the address, and services leave their texts to it;
   * `global`: services carry it themselves. Absent: as it is.
   */
  webhookType: webhookType.optional(),
  /** SIDs of numbers and services whose texts go elsewhere now and may be taken from there. */
  takeOver: z.array(z.string().max(64)).max(500).default([]),
});
export const updateTwilioConfigRequest = z.object({
  workspaceId: z.uuid(),
  webhookType: webhookType.optional(),
  /** The service to send through; null: straight from a number. */
  messagingServiceSid: z
    .string()
    .regex(/^MG[0-9a-fA-F]{32}$/)
    .nullish(),
});
export const nextAuthTokenRequest = z.object({ workspaceId: z.uuid(), authToken });
export const twilioConfig = z.object({
  isConfigured: z.boolean(),
  accountSid: z.string().nullable(),
  accountName: z.string().nullable(),
  accountType: z.enum(["Trial", "Full"]).nullable(),
  /** As Twilio said last: active, suspended or closed. */
  accountStatus: z.string().nullable(),
  authTokenLast4: z.string().nullable(),
  /** Of the token that follows when it is promoted at Twilio. */
  nextAuthTokenLast4: z.string().nullable(),
  apiKeySid: z.string().nullable(),
  apiKeySecretLast4: z.string().nullable(),
  webhookType,
  webhookUrl: z.string(),
  /** The service that texts are sent through. */
  messagingServiceSid: z.string().nullable(),
  /** True when the account is the built-in simulator's. */
  isSimulated: z.boolean(),
  numbers: z.array(twilioNumber),
  services: z.array(messagingService),
});
export type TwilioConfig = z.infer<typeof twilioConfig>;
export const connectSimulatorRequest = z.object({ workspaceId: z.uuid() });

/** A phone of the built-in simulator and what it shows. */
export const simulatorState = z.object({
  /** The workspace's own numbers, which simulated people text to. */
  numbers: z.array(z.string()),
  messages: z.array(
    z.object({
      sid: z.string(),
      /** The simulated person's number. */
      phone: z.string(),
      number: z.string(),
      fromPhone: z.boolean(),
      body: z.string(),
      media: z.array(z.object({ contentType: z.string(), url: z.string() })),
      status: z.string(),
      createdAt: z.iso.datetime({ offset: true }),
    }),
  ),
});
export type SimulatorState = z.infer<typeof simulatorState>;
export const textFromPhoneRequest = z.object({
  from: z.string().regex(/^\+[1-9]\d{6,14}$/),
  to: z.string().regex(/^\+[1-9]\d{6,14}$/),
  body: z.string().max(maxTextLength).default(""),
  media: z
    .array(z.object({ contentType: z.string().min(3).max(100), base64: z.base64() }))
    .max(maxMediaPerText)
    .default([]),
});
export type TextFromPhoneRequest = z.input<typeof textFromPhoneRequest>;

/** Everything on record about a contact's wish to be texted, the newest first. */
export const contactConsentList = z.object({
  items: z.array(contactConsent),
  /** Whether the opt-out that holds now rests on an agent's word alone, so that an agent may undo it. */
  canUndo: z.boolean(),
});
export type ContactConsentList = z.infer<typeof contactConsentList>;
/** An agent's word that a customer asked in their own words not to be texted, or its undoing. */
export const changeOptOutRequest = z.object({
  /** What the customer said, or why it is taken back. */
  note: z.string().trim().max(500).nullish(),
});

export const listQuarantineQuery = z.object({ cursor, limit: pageSize(50) });
export const quarantineList = z.object({
  ...snapshot,
  /** The newest first. */
  items: z.array(quarantinedReceipt),
  nextCursor: z.string().nullable(),
  /** All that wait, on whatever page. */
  openCount: z.int().nonnegative(),
  /** Numbers that texts came to of late and that are not among those read from Twilio last. */
  unknownNumbers: z.array(
    z.object({ phoneNumber: z.string(), lastAt: z.iso.datetime({ offset: true }) }),
  ),
});
export type QuarantineList = z.infer<typeof quarantineList>;
export const quarantineDetail = z.object({
  receipt: quarantinedReceipt,
  /** The form as Twilio sent it, in its order. */
  fields: z.array(z.object({ name: z.string(), value: z.string() })),
});
export type QuarantineDetail = z.infer<typeof quarantineDetail>;

/** What one of Twilio's error codes means, and what there is to do. */
export const errorExplanation = z.object({
  code: z.int().positive(),
  /** False for a code that we have no words for: then the fields speak of any failure. */
  isKnown: z.boolean(),
  meaning: z.string(),
  cause: z.string(),
  agentAction: z.string(),
  adminAction: z.string(),
  /** Whether the same text to the same person may go through when it is sent again. */
  retry: z.enum(["later", "after_fix", "never"]),
  /** Twilio's own page about it. */
  url: z.url(),
});
export type ErrorExplanation = z.infer<typeof errorExplanation>;
