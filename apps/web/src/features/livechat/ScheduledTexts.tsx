import type { Contact, Message } from "@livechat/shared";
import { lazy, Suspense, useState } from "react";
import { LuCalendarClock } from "react-icons/lu";
import { useInbox, useInboxPart } from "../../realtime/use-inbox.tsx";
import { formatMoment } from "./format-time.ts";
import { reviseText } from "./revise-text.ts";
import { useRequest } from "./use-request.ts";

const ScheduleDialog = lazy(() => import("./ScheduleDialog.tsx"));
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
  const { api } = useInbox().store;
  const { isBusy, failure, run } = useRequest();
  const [isChanging, setIsChanging] = useState(false);
  const scheduledFor = message.scheduledFor ?? message.createdAt;

  async function edit() {
    if (await run(() => api.cancelScheduled(message.id))) reviseText(message);
  }

  return (
    <li>
      <p dir="auto">{message.content || "Attachment"}</p>
      <small>
        {formatMoment(scheduledFor)}
        {message.cancelOnReply && " · unless they reply first"}
        {failure && <span role="alert"> · {failure}</span>}
      </small>
      <span className="lc-actions">
        <button type="button" disabled={isBusy} onClick={() => setIsChanging(true)}>
          Change time
        </button>
        {message.content !== "" && message.media.length === 0 && (
          <button type="button" disabled={isBusy} onClick={() => void edit()}>
            Edit
          </button>
        )}
        <button
          type="button"
          disabled={isBusy}
          onClick={() => void run(() => api.sendScheduledNow(message.id))}
        >
          Send now
        </button>
        <button
          type="button"
          disabled={isBusy}
          onClick={() => void run(() => api.cancelScheduled(message.id))}
        >
          Cancel
        </button>
      </span>
      {isChanging && (
        <Suspense>
          <ScheduleDialog
            contact={contact}
            current={{ scheduledFor, cancelOnReply: message.cancelOnReply }}
            onClose={() => setIsChanging(false)}
            onChoose={(at, cancelOnReply) => {
              setIsChanging(false);
              void run(() => api.editScheduled(message.id, { scheduledFor: at, cancelOnReply }));
            }}
          />
        </Suspense>
      )}
    </li>
  );
}
