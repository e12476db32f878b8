import type { Message } from "@livechat/shared";
import { useInbox, useInboxPart } from "../../realtime/use-inbox.tsx";
import { attachFiles } from "./attachments.ts";
import { listNumbers } from "./contact-numbers.ts";
import { reloadFiles } from "./reload-files.ts";
import { reviseText } from "./revise-text.ts";
import { useRequest } from "./use-request.ts";

/** What can be done about a text that did not arrive: only what helps. */
export function FailedActions({ message }: { message: Message }) {
  const { store } = useInbox();
  const { isBusy, failure, run } = useRequest();
  // They may have opted out since: then the server would only refuse.
  const isOptedOut = useInboxPart(({ inbox }) => {
    const contact = inbox?.contacts.get(message.contactId);
    const number =
      contact && listNumbers(contact).find((each) => each.phoneNumber === message.toNumber);
    return Boolean(number?.optedOutAt);
  });

  /** The words and the files, back where texts are written. */
  async function edit() {
    const isDone = await run(async () => {
      const files = await reloadFiles(store.api, message.media);
      attachFiles(store.workspaceId, message.contactId, files);
    });
    if (isDone) reviseText(message);
  }

  return (
    <span className="lc-actions">
      {message.canRetry && !isOptedOut && (
        <button
          type="button"
          disabled={isBusy}
          onClick={() => run(() => store.api.retryMessage(message.id))}
        >
          Retry
        </button>
      )}
      <button type="button" disabled={isBusy} onClick={() => void edit()}>
        Edit
      </button>
      {message.canDelete && (
        <button
          type="button"
          disabled={isBusy}
          onClick={() => run(() => store.api.deleteMessage(message.id))}
        >
          Delete
        </button>
      )}
      {failure && <span role="alert">{failure}</span>}
    </span>
  );
}
