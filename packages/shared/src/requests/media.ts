import * as z from "zod";

/** Largest file that an agent may attach, before pictures are shrunk to fit. */
export const maxUploadBytes = 25 * 1024 * 1024;
/** What carriers take with one text, all its files together. Source: Twilio, "Accepted content types for media": 5 MB. */
export const maxMediaBytesPerText = 5_000_000;
/** The most of anything but a picture: only pictures are made smaller on their way to a phone. Source: Twilio, "MediaUrl": 500 KB for other types. */
export const maxOtherFileBytes = 500 * 1024;

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
