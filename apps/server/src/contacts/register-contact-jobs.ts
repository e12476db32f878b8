import type { Context } from "../context.ts";
import { wakeConversation, wakeOverdue } from "./wake-conversations.ts";

/** Names who does the background work of conversations. Call once, before the jobs start. */
export function registerContactJobs(context: Context): void {
  context.jobs.work("wake_conversation", (key) => wakeConversation(context, key));
  context.jobs.work("sweep", () => wakeOverdue(context));
}
