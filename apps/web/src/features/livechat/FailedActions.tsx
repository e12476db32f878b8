import type { Message } from "@livechat/shared";
import { useInbox } from "../../realtime/use-inbox.tsx";
import { reviseText } from "./revise-text.ts";
import { useRequest } from "./use-request.ts";

/** What can be done about a text that did not arrive: only what helps. */
export function FailedActions({ message }: { message: Message }) {
  const { api } = useInbox().store;
  const { isBusy, failure, run } = useRequest();
  return (
    <span className="lc-actions">
      {message.canRetry && (
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
