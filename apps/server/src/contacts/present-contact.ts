import type { Contact } from "@livechat/shared";

/** A row of `public.contacts`. */
export interface ContactRow {
  id: string;
  workspace_id: string;
  phone_number: string;
  address_type: Contact["addressType"];
  other_numbers: Contact["otherNumbers"];
  name: string | null;
  email: string | null;
  company: string | null;
  time_zone: string | null;
  language: string | null;
  about: string | null;
  custom_fields: Contact["customFields"];
  conversation_status: Contact["conversationStatus"];
  unread_count: number;
  assigned_to: string | null;
  snoozed_until: Date | null;
  blocked_at: Date | null;
  waiting_since: Date | null;
  tag_ids: string[];
  opted_out_at: Date | null;
  preferred_sender: string | null;
  our_number: string | null;
  last_message: string | null;
  last_message_at: Date | null;
  last_message_direction: Contact["lastMessageDirection"];
  last_message_by: string | null;
  created_at: Date;
  updated_at: Date;
}

/** A contact as every browser sees it, over HTTP and in events alike. */
export function presentContact(row: ContactRow): Contact {
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    phoneNumber: row.phone_number,
    addressType: row.address_type,
    otherNumbers: row.other_numbers,
    name: row.name,
    email: row.email,
    company: row.company,
    timeZone: row.time_zone,
    language: row.language,
    about: row.about,
    customFields: row.custom_fields,
    conversationStatus: row.conversation_status,
    unreadCount: row.unread_count,
    preferredSender: row.preferred_sender,
    ourNumber: row.our_number,
    assignedTo: row.assigned_to,
    snoozedUntil: row.snoozed_until?.toISOString() ?? null,
    blockedAt: row.blocked_at?.toISOString() ?? null,
    waitingSince: row.waiting_since?.toISOString() ?? null,
    tagIds: row.tag_ids,
    optedOutAt: row.opted_out_at?.toISOString() ?? null,
    lastMessage: row.last_message,
    lastMessageAt: row.last_message_at?.toISOString() ?? null,
    lastMessageDirection: row.last_message_direction,
    lastMessageBy: row.last_message_by,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  };
}
