import {
  isRetryUseful,
  type Message,
  type MessageMedia,
  type MessageReaction,
} from "@livechat/shared";

/** A row of `public.messages`. */
export interface MessageRow {
  id: string;
  workspace_id: string;
  contact_id: string;
  /** The merged contact whose number it is to or from; null for the contact's own. */
  card_id: string | null;
  direction: Message["direction"];
  content: string;
  message_type: Message["messageType"];
  status: Message["status"];
  error_code: number | null;
  error_message: string | null;
  from_number: string | null;
  to_number: string | null;
  twilio_sid: string | null;
  reactions: MessageReaction[];
  price: string | null;
  price_unit: string | null;
  messaging_service_sid: string | null;
  scheduled_for: Date | null;
  cancel_on_reply: boolean;
  num_segments: number | null;
  round: number;
  may_have_left: boolean;
  created_by: string | null;
  is_recovered: boolean;
  created_at: Date;
  updated_at: Date;
}

/** A row of `public.message_media`. */
export interface MessageMediaRow {
  id: string;
  position: number;
  content_type: string | null;
  file_name: string | null;
  size_bytes: number | string | null;
  width: number | null;
  height: number | null;
  state: MessageMedia["state"];
}

/** A message as every browser sees it, over HTTP and in events alike. */
export function presentMessage(row: MessageRow, media: readonly MessageMediaRow[]): Message {
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    contactId: row.contact_id,
    direction: row.direction,
    content: row.content,
    messageType: row.message_type,
    media: media.map(presentMedia),
    status: row.status,
    errorCode: row.error_code,
    errorMessage: row.error_message,
    fromNumber: row.from_number,
    toNumber: row.to_number,
    twilioSid: row.twilio_sid,
    reactions: row.reactions,
    price: row.price === null ? null : trimZeros(row.price),
    priceUnit: row.price_unit,
    messagingServiceSid: row.messaging_service_sid,
    scheduledFor: row.scheduled_for?.toISOString() ?? null,
    cancelOnReply: row.cancel_on_reply,
    numSegments: row.num_segments,
    round: row.round,
    canRetry: canRetry(row),
    canDelete: canDelete(row),
    createdBy: row.created_by,
    isRecovered: row.is_recovered,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  };
}

/** A decimal number without the zeros that Postgres fills it up with. */
export function trimZeros(decimal: string): string {
  return decimal.includes(".") ? decimal.replace(/\.?0+$/, "") : decimal;
}

/** Whether the same text can be sent again with some hope. */
export function canRetry(row: MessageRow): boolean {
  const hasFailed = row.status === "failed" || row.status === "undelivered";
  return row.direction === "outbound" && hasFailed && isRetryUseful(row.error_code);
}

/** Whether the text surely never left us, so that removing it hides nothing. */
function canDelete(row: MessageRow): boolean {
  const isOver = row.status === "failed" || row.status === "canceled";
  return row.direction === "outbound" && isOver && !row.may_have_left;
}

/** A file of a message as every browser sees it. */
export function presentMedia(row: MessageMediaRow): MessageMedia {
  return {
    id: row.id,
    position: row.position,
    contentType: row.content_type ?? "application/octet-stream",
    fileName: row.file_name,
    sizeBytes: row.size_bytes === null ? null : Number(row.size_bytes),
    widthPx: row.width,
    heightPx: row.height,
    state: row.state,
  };
}
