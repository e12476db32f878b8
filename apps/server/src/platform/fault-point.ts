/**
 * The places where a process may die with the most harm, by the path that they
 * lie on. `chaos/` kills a server at each of them and checks what is left.
 */
export const faultPoints = [
  // A text comes in.
  "webhook_verified",
  "receive_receipt_written",
  "receive_contact_written",
  "receive_message_written",
  "receive_event_written",
  "webhook_committed",
  // A text goes out.
  "send_written",
  "send_committed",
  "claim_written",
  "claim_committed",
  "carrier_answered",
  "outcome_written",
  "outcome_committed",
  // A delivery report comes.
  "status_written",
  "status_committed",
  // A text in doubt is looked up.
  "lost_marked",
  "doubt_listed",
  "doubt_written",
  // A received file is copied, and an agent's file is kept.
  "media_downloaded",
  "media_put",
  "media_written",
  "upload_put",
  "upload_committed",
  // What the webhooks missed is fetched.
  "back_fill_due_moved",
  "back_fill_listed",
  "back_fill_text_stored",
  "back_fill_mark_moved",
] as const;
export type FaultPoint = (typeof faultPoints)[number];

/** Only a process that was told both, and so no server by accident, has points that kill. */
const deadly =
  process.env.NODE_ENV === "test" ? parseDeadly(process.env.LIVECHAT_TEST_KILL_AT) : null;

/**
 * Marks a place where the process may die. Does nothing, unless a test has
 * started it with `NODE_ENV=test` and `LIVECHAT_TEST_KILL_AT=<point>:<n>`: then the
 * n-th crossing is the process's last act.
 */
export function faultPoint(name: FaultPoint): void {
  if (deadly?.name !== name) return;
  deadly.crossingsLeft -= 1;
  if (deadly.crossingsLeft === 0) process.kill(process.pid, "SIGKILL");
}

function parseDeadly(text: string | undefined) {
  const [name, crossings = "1"] = (text ?? "").split(":");
  return name ? { name, crossingsLeft: Number.parseInt(crossings, 10) } : null;
}
