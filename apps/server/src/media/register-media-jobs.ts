import type { Context } from "../context.ts";
import { fetchMedia } from "./fetch-media.ts";
import { purgeContact, purgeOverdue } from "./purge-contact.ts";
import { retryLostMedia } from "./retry-lost-media.ts";
import { sweepUploads } from "./sweep-uploads.ts";

/** Names who does the media's background work. Call once, before the jobs start. */
export function registerMediaJobs(context: Context): void {
  context.jobs.work("fetch_media", (payload, run) => fetchMedia(context, payload, run));
  context.jobs.work("sweep", async () => {
    await sweepUploads(context);
  });
  context.jobs.work("sweep", () => retryLostMedia(context));
  context.jobs.work("purge_contact", (key) => purgeContact(context, key));
  context.jobs.work("sweep", () => purgeOverdue(context));
}
