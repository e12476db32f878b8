import type { MessageMedia } from "@livechat/shared";
import type { InboxApi } from "../../realtime/inbox-api.ts";
import { loadMediaLink } from "./media-links.ts";

/** A text's stored files, to be attached to another one. Throws an Error in a person's words when one can't be had. */
export function reloadFiles(api: InboxApi, media: readonly MessageMedia[]): Promise<File[]> {
  const stored = media.filter(({ state }) => state === "stored");
  return Promise.all(
    stored.map(async ({ id, fileName, contentType }) => {
      const url = await loadMediaLink(api, id);
      const response = url ? await fetch(url) : null;
      if (!response?.ok) throw new Error("The files could not be loaded. Attach them again.");
      return new File([await response.blob()], fileName ?? "file", { type: contentType });
    }),
  );
}
