import type { Context } from "../context.ts";
import { checkStatuses, reconcileSent } from "./check-statuses.ts";
import { dispatchMessage } from "./dispatch-message.ts";
import { dispatchOverdue, markLostMessages } from "./dispatch-overdue.ts";
import { settleDispatches } from "./drain-workspace.ts";
import { releaseOverdue, releaseScheduled } from "./release-scheduled.ts";
import { applyWaitingReports, settleUnconfirmed } from "./settle-unconfirmed.ts";

/**
 * Names who does the background work of texts. Call before the jobs start; call
 * `close` after they have stopped and before the database closes.
 */
export function registerMessageJobs(context: Context): { close(): Promise<void> } {
  context.jobs.work("dispatch_message", (key) => dispatchMessage(context, key));
  context.jobs.work("release_scheduled", (key) => releaseScheduled(context, key));
  context.jobs.work("sweep", () => sweepMessages(context));
  return { close: () => settleDispatches(context.database) };
}

const sweeps = [
  markLostMessages,
  applyWaitingReports,
  settleUnconfirmed,
  releaseOverdue,
  dispatchOverdue,
  checkStatuses,
  reconcileSent,
];

/**
 * Finds texts that nobody works on any more, and what became of those in doubt.
 * What one part stumbles over does not keep the others from their work; throws
 * it at the end.
 */
export async function sweepMessages(context: Context): Promise<void> {
  const failures: unknown[] = [];
  for (const sweep of sweeps) {
    await sweep(context).catch((error: unknown) => failures.push(error));
  }
  if (failures.length > 0) throw failures[0];
}
