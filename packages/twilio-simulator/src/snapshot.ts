import { z } from "zod";
import type { Carrier } from "./carrier.ts";
import { deliverMessage } from "./deliver-message.ts";
import type { Message, State } from "./state.ts";

/** The most messages that a snapshot keeps; older ones are forgotten. */
const maxMessages = 2_000;

const date = z.iso.datetime().transform((text) => new Date(text));
const nullableDate = date.nullable();
const media = z.object({
  sid: z.string(),
  contentType: z.string(),
  bytes: z.base64().transform((text) => Buffer.from(text, "base64")),
  dateCreated: date,
});
const message = z.object({
  sid: z.string(),
  accountSid: z.string(),
  messagingServiceSid: z.string().nullable(),
  direction: z.enum(["inbound", "outbound-api", "outbound-reply"]),
  from: z.string().nullable(),
  to: z.string(),
  body: z.string(),
  status: z.enum([
    "accepted",
    "queued",
    "sending",
    "sent",
    "delivered",
    "undelivered",
    "failed",
    "canceled",
    "received",
  ]),
  numSegments: z.number(),
  numMedia: z.number(),
  media: z.array(media),
  mediaUrls: z.array(z.string()),
  errorCode: z.number().nullable(),
  errorMessage: z.string().nullable(),
  statusCallback: z.string().nullable(),
  dateCreated: date,
  dateUpdated: date,
  dateSent: nullableDate,
});
const snapshot = z.object({
  version: z.literal(1),
  messages: z.array(message),
  phones: z.array(
    z.object({
      number: z.string(),
      condition: z.enum([
        "reachable",
        "unreachable",
        "unknown",
        "landline",
        "filtered",
        "failing",
        "no-receipts",
      ]),
    }),
  ),
  optOuts: z.array(z.string()),
});

/** What a simulator knows besides its accounts and numbers, fit for JSON. */
export type Snapshot = z.input<typeof snapshot>;

/** The messages, phones and opt-outs of this moment. Accounts, with their tokens, are left out. */
export function takeSnapshot(state: State): Snapshot {
  return {
    version: 1,
    messages: [...state.messages.values()].slice(-maxMessages).map((each) => ({
      ...each,
      media: each.media.map((file) => ({
        ...file,
        bytes: file.bytes.toString("base64"),
        dateCreated: file.dateCreated.toISOString(),
      })),
      dateCreated: each.dateCreated.toISOString(),
      dateUpdated: each.dateUpdated.toISOString(),
      dateSent: each.dateSent?.toISOString() ?? null,
    })),
    phones: [...state.phones.values()],
    optOuts: [...state.optOuts],
  };
}

/**
 * Puts a snapshot back; deliveries that it caught half-way go on. Throws a
 * ZodError for anything else.
 */
export function restoreSnapshot(carrier: Carrier, taken: unknown): void {
  const { messages, phones, optOuts } = snapshot.parse(taken);
  for (const phone of phones) carrier.state.phones.set(phone.number, phone);
  for (const pair of optOuts) carrier.state.optOuts.add(pair);
  for (const each of messages) {
    carrier.state.messages.set(each.sid, each);
    if (isUnderWay(each)) {
      carrier.background(() => deliverMessage(carrier, each, each.from ?? ""));
    }
  }
}

function isUnderWay({ status, direction }: Message): boolean {
  if (direction === "inbound") return false;
  return status === "accepted" || status === "queued" || status === "sending" || status === "sent";
}
