import { maxMediaPerText, maxTextLength } from "@livechat/shared";
import { DomainError } from "../errors.ts";

/** Throws `message_empty`, `message_too_long` and `too_many_media`. */
export function checkContent({ content, fileCount }: { content: string; fileCount: number }): void {
  if (content.trim() === "" && fileCount === 0) {
    throw new DomainError("message_empty", "Write something or attach a file.");
  }
  if (content.length > maxTextLength) {
    throw new DomainError(
      "message_too_long",
      `A text holds at most ${maxTextLength} characters. Split it in two.`,
    );
  }
  if (fileCount > maxMediaPerText) {
    throw new DomainError(
      "too_many_media",
      `One text carries at most ${maxMediaPerText} files. Send the others in another text.`,
    );
  }
}
