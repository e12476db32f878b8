import type { Message } from "@livechat/shared";
import { useInbox, useInboxPart } from "../../realtime/use-inbox.tsx";
import { listNumbers } from "./contact-numbers.ts";
import { reviseText } from "./revise-text.ts";
import { useRequest } from "./use-request.ts";

/** What can be done about a text that did not arrive: only what helps. */
export function FailedActions({ message }: { message: Message }) {
  const { api } = useInbox().store;
  const { isBusy, failure, run } = useRequest();
  // They may have opted out since: then the server would only refuse.
  const isOptedOut = useInboxPart(({ inbox }) => {
    const contact = inbox?.contacts.get(message.contactId);
    const number =
      contact && listNumbers(contact).find((each) => each.phoneNumber === message.toNumber);
    return Boolean(number?.optedOutAt);
  });
  return (
    <span className="lc-actions">
      {message.canRetry && !isOptedOut && (
        <button
          type="button"
          disabled={isBusy}
          onClick={() => run(() => api.retryMessage(message.id))}
        >
          Retry
        </button>
      )}
      {message.content !== "" && (
        <button type="button" disabled={isBusy} onClick={() => reviseText(message)}>
          Edit
        </button>
      )}
      {message.canDelete && (
        <button
          type="button"
          disabled={isBusy}
          onClick={() => run(() => api.deleteMessage(message.id))}
        >
          Delete
        </button>
      )}
      {failure && <span role="alert">{failure}</span>}
    </span>
  );
}
