import { maxMediaBytesPerText, maxOtherFileBytes } from "@livechat/shared";
import { DomainError } from "../errors.ts";
import { shrinkPicture } from "./shrink-picture.ts";
import { sniffMediaType } from "./sniff-media-type.ts";

/** A file as it will be sent. */
interface PreparedUpload {
  bytes: Buffer;
  contentType: string;
  width: number | null;
  height: number | null;
}

const pictureTypes = new Set([
  "image/jpeg",
  "image/png",
  "image/gif",
  "image/webp",
  "image/heic",
  "image/heif",
  "image/avif",
]);
/** What else Twilio takes and hands on as it is. Source: Twilio, "Accepted content types for media". */
const otherTypes = new Set([
  "video/mp4",
  "video/3gpp",
  "video/quicktime",
  "audio/mpeg",
  "audio/mp4",
  "audio/ogg",
  "audio/amr",
  "application/pdf",
  "text/vcard",
]);

/** Sharp on any phone, and small enough for several to go with one text. */
const usualPictureBytes = 1_000_000;

/**
 * An agent's file, made fit for a carrier; its type is told from its bytes.
 * Throws `media_type_unsupported`, or `media_too_large` for what can't be shrunk.
 */
export async function prepareUpload(bytes: Buffer): Promise<PreparedUpload> {
  const contentType = await sniffMediaType(bytes);
  if (contentType && pictureTypes.has(contentType)) {
    const picture = await shrinkPicture(bytes, contentType, usualPictureBytes).catch((cause) => {
      throw new DomainError(
        "media_type_unsupported",
        "This picture can't be read. Save it as JPEG or PNG and attach it again.",
        { cause },
      );
    });
    checkSize(picture.bytes);
    return picture;
  }
  if (contentType && otherTypes.has(contentType)) {
    checkOtherSize(bytes);
    return { bytes, contentType, width: null, height: null };
  }
  throw new DomainError(
    "media_type_unsupported",
    "Carriers don't take this kind of file. Attach a picture, a video, a sound, a PDF or a contact card.",
  );
}

function checkSize(bytes: Buffer): void {
  if (bytes.length <= maxMediaBytesPerText) return;
  const megabytes = (bytes.length / 1_000_000).toFixed(1);
  throw new DomainError(
    "media_too_large",
    `This file has ${megabytes} MB, and carriers take at most 5 MB. Make it smaller, or send a link to it.`,
  );
}

function checkOtherSize(bytes: Buffer): void {
  if (bytes.length <= maxOtherFileBytes) return;
  throw new DomainError(
    "media_too_large",
    `This file has ${Math.ceil(bytes.length / 1024)} KB, and carriers take at most 500 KB of anything but a picture. Make it smaller, or send a link to it.`,
  );
}
