import type { Message } from "@livechat/shared";
import { useEffect, useRef } from "react";
import { useInboxPart } from "../../realtime/use-inbox.tsx";

/** Says that a teammate answered meanwhile, and asks once whether to send all the same. */
export function AnswerGuard({
  answer,
  isLater,
  onSend,
  onClose,
}: {
  answer: Message;
  /** The text is for later, and stays so. */
  isLater: boolean;
  onSend(): void;
  onClose(): void;
}) {
  const author = useInboxPart((snapshot) =>
    answer.createdBy ? snapshot.inbox?.members.get(answer.createdBy)?.displayName : undefined,
  );
  const keep = useRef<HTMLButtonElement>(null);
  useEffect(() => keep.current?.focus(), []);
  return (
    <div
      className="lc-guard"
      role="alertdialog"
      aria-label="Someone answered while you were typing"
    >
      <p>
        <strong>
          <bdi>{author ?? "A teammate"}</bdi> answered while you were typing:
        </strong>{" "}
        <q dir="auto">{answer.content || "Attachment"}</q>
      </p>
      <button ref={keep} type="button" className="lc-button" onClick={onClose}>
        Keep writing
      </button>
      <button type="button" className="lc-button" onClick={onSend}>
        {isLater ? "Schedule anyway" : "Send anyway"}
      </button>
    </div>
  );
}
