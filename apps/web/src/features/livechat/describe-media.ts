import type { MessageMedia } from "@livechat/shared";

/** What a file is called: its own name, else what it is. */
export function nameFile(media: Pick<MessageMedia, "fileName" | "contentType">): string {
  return media.fileName ?? nameFileType(media.contentType);
}

/** What a file of this type is, in a person's words. */
export function nameFileType(contentType: string): string {
  if (/vcard/i.test(contentType)) return "Contact card";
  if (contentType === "application/pdf") return "PDF document";
  if (contentType.startsWith("image/")) return "Photo";
  if (contentType.startsWith("video/")) return "Video";
  if (contentType.startsWith("audio/")) return "Audio";
  return `File (${contentType})`;
}
