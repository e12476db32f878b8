import { maxMediaBytesPerText, maxTextLength } from "@livechat/shared";
import type { Attachment } from "./attachments.ts";
import { explainUnresolved } from "./text-values.ts";
import { formatSize } from "./upload-file.ts";

/** Why what is written can't go out as it is, and what to do; null when it can. */
export function explainBlocked(
  text: string,
  files: readonly Attachment[],
  unresolved: readonly string[],
): string | null {
  if (text.trim() === "" && files.length === 0) return "Write a text first.";
  if (files.some((file) => file.error)) return "Remove the file that could not be stored.";
  if (files.some((file) => !file.stored)) return "The files are still on their way.";
  const sizeBytes = files.reduce((sum, file) => sum + (file.stored?.sizeBytes ?? 0), 0);
  if (sizeBytes > maxMediaBytesPerText) {
    return `The files have ${formatSize(sizeBytes)} together, and carriers take ${formatSize(maxMediaBytesPerText)} with one text. Remove one and send it with the next.`;
  }
  if (text.length > maxTextLength) {
    return `A text has at most ${maxTextLength} characters. Split it in two.`;
  }
  return explainUnresolved(unresolved);
}
