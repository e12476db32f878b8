import type { Contact, Message } from "@livechat/shared";
import { Suspense, useState } from "react";
import { LuCalendarClock } from "react-icons/lu";
import { late } from "../../components/late.tsx";
import { useInboxPart } from "../../realtime/use-inbox.tsx";
import { formatMoment } from "./format-time.ts";
import { useScheduledActions } from "./use-scheduled-actions.ts";

const EditScheduledDialog = late(async () => (await import("./EditScheduledDialog.tsx")).default);
const noMessages: readonly Message[] = [];

/** The texts of a conversation that wait for their time, above where the next one is written. */
export function ScheduledTexts({ contact }: { contact: Contact }) {
  const messages =
    useInboxPart((snapshot) => snapshot.inbox?.threads.get(contact.id)) ?? noMessages;
  const waiting = messages
    .filter((row) => row.status === "scheduled" && row.scheduledFor)
    .sort((a, b) => Date.parse(a.scheduledFor ?? "") - Date.parse(b.scheduledFor ?? ""));
  const [next] = waiting;
  if (!next) return null;
  return (
    <details className="lc-scheduled">
      <summary>
        <LuCalendarClock aria-hidden="true" />
        {waiting.length === 1
          ? `Scheduled for ${formatMoment(next.scheduledFor ?? next.createdAt)}`
          : `${waiting.length} scheduled texts`}
      </summary>
      <ul aria-label="Scheduled texts">
        {waiting.map((message) => (
          <ScheduledText key={message.id} message={message} contact={contact} />
        ))}
      </ul>
    </details>
  );
}

function ScheduledText({ message, contact }: { message: Message; contact: Contact }) {
  const { isBusy, failure, sendNow, cancel } = useScheduledActions(message.id);
  const [isChanging, setIsChanging] = useState(false);
  return (
    <li>
      <p dir="auto">{message.content || "Attachment"}</p>
      <small>
        {formatMoment(message.scheduledFor ?? message.createdAt)}
        {message.cancelOnReply && " · unless they reply first"}
        {failure && <span role="alert"> · {failure}</span>}
      </small>
      <span className="lc-actions">
        <button type="button" disabled={isBusy} onClick={() => setIsChanging(true)}>
          Edit
        </button>
        <button type="button" disabled={isBusy} onClick={sendNow}>
          Send now
        </button>
        <button type="button" disabled={isBusy} onClick={cancel}>
          Cancel
        </button>
      </span>
      {isChanging && (
        <Suspense>
          <EditScheduledDialog
            message={message}
            contact={contact}
            onClose={() => setIsChanging(false)}
          />
        </Suspense>
      )}
    </li>
  );
}
