import { moveAttachments } from "./attachments.ts";
import { readDraft, writeDraft } from "./drafts.ts";

/** Brings what was begun in a merged conversation along to the one that it is part of. Whether there was something. */
export function bringAlong(workspaceId: string, fromId: string, toId: string): boolean {
  moveAttachments(fromId, toId);
  const hasNote = moveDraft(workspaceId, `note.${fromId}`, `note.${toId}`);
  return moveDraft(workspaceId, fromId, toId) || hasNote;
}

function moveDraft(workspaceId: string, fromId: string, toId: string): boolean {
  const begun = readDraft(workspaceId, fromId);
  if (begun === "") return false;
  const there = readDraft(workspaceId, toId);
  // Another tab may have brought it along already.
  if (!there.includes(begun)) {
    writeDraft(workspaceId, toId, there === "" ? begun : `${there}\n${begun}`);
  }
  writeDraft(workspaceId, fromId, "");
  return true;
}
