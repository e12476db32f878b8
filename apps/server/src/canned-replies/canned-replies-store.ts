import type { CannedReply } from "@livechat/shared";
import { DomainError } from "../errors.ts";
import { toStorableText } from "../platform/storable-text.ts";

/** A row of `public.canned_replies`. */
export interface CannedReplyRow {
  id: string;
  workspace_id: string;
  shortcut: string;
  content: string;
  updated_at: Date;
}

/** A canned reply as every browser sees it. */
export function presentCannedReply(row: CannedReplyRow): CannedReply {
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    shortcut: row.shortcut,
    content: row.content,
    updatedAt: row.updated_at.toISOString(),
  };
}

/** The words as they are stored. Throws `invalid_request` when there are none. */
export function cleanContent(content: string): string {
  const clean = toStorableText(content);
  if (clean.trim() !== "") return clean;
  throw new DomainError("invalid_request", "Write the text of the canned reply.", {
    errors: [{ path: "body.content", message: "is empty" }],
  });
}

export function cannedReplyNotFound(): DomainError {
  return new DomainError("canned_reply_not_found", "There is no such canned reply here.");
}

export function shortcutTaken(shortcut: string): DomainError {
  return new DomainError(
    "shortcut_taken",
    `There is a canned reply /${shortcut} already: change that one, or take another shortcut.`,
  );
}
