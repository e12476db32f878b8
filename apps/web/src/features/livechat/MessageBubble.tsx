import type { Message } from "@livechat/shared";
import { memo, useMemo, useState } from "react";
import {
  LuBan,
  LuCheck,
  LuCheckCheck,
  LuCircleAlert,
  LuCircleHelp,
  LuClock,
  LuPaperclip,
} from "react-icons/lu";
import type { InboxStore } from "../../realtime/inbox-store.ts";
import type { OutboxItem } from "../../realtime/outbox.ts";
import { explainFailure, useInbox } from "../../realtime/use-inbox.tsx";
import { describeCost } from "./describe-cost.ts";
import { describeStatus, type StatusIcon } from "./describe-status.ts";
import { FailureNote } from "./FailureNote.tsx";
import { formatMoment, formatTime } from "./format-time.ts";
import { isEmojiOnly, linkify } from "./linkify.ts";
import { MessageMedia } from "./MessageMedia.tsx";
import { MessageReactions } from "./MessageReactions.tsx";

const icons: Record<StatusIcon, typeof LuCheck> = {
  clock: LuClock,
  check: LuCheck,
  double_check: LuCheckCheck,
  alert: LuCircleAlert,
  canceled: LuBan,
  question: LuCircleHelp,
};

interface MessageBubbleProps {
  message: Message;
  /** Who wrote it: the contact, or the agent. */
  author: string;
  isGroupStart: boolean;
  isGroupEnd: boolean;
}

/** One text of the log, with its files and what became of it. */
export const MessageBubble = memo(function MessageBubble({
  message,
  author,
  isGroupStart,
  isGroupEnd,
}: MessageBubbleProps) {
  const isOut = message.direction === "outbound";
  const status = describeStatus(message.status);
  const isFailed = status?.tone === "danger";
  const time = formatTime(message.createdAt);
  const title = [formatMoment(message.createdAt), describeCost(message)]
    .filter(Boolean)
    .join(" · ");
  const StatusMark = status ? icons[status.icon] : null;
  const hasAttention = status !== null && status.tone !== "quiet";
  return (
    <li
      className="lc-message"
      data-side={isOut ? "out" : "in"}
      data-start={isGroupStart || undefined}
      data-end={isGroupEnd || undefined}
      data-failed={isFailed || undefined}
      data-message={message.id}
    >
      <span className="lc-hidden">{`${author}, ${formatMoment(message.createdAt)}: `}</span>
      {message.media.map((media) => (
        <MessageMedia key={media.id} media={media} caption={`from ${author}, ${time}`} />
      ))}
      {message.content !== "" && <BubbleText text={message.content} />}
      {message.reactions.length > 0 && <MessageReactions reactions={message.reactions} />}
      {(isGroupEnd || hasAttention) && (
        <span className="lc-meta" data-tone={status?.tone} title={title}>
          {isOut && isGroupEnd && <span aria-hidden="true">{author} · </span>}
          <time dateTime={message.createdAt}>{time}</time>
          {status && StatusMark && (
            <>
              <StatusMark aria-hidden="true" />
              {hasAttention ? (
                <span>{status.label}</span>
              ) : (
                <span className="lc-hidden">{status.label}</span>
              )}
            </>
          )}
        </span>
      )}
      {(isFailed || message.status === "canceled") && <FailureNote message={message} />}
      {message.status === "unconfirmed" && <SettleButtons messageId={message.id} />}
    </li>
  );
});

/** The words of a bubble: links open apart, a few emoji stand large. */
const BubbleText = memo(function BubbleText({ text }: { text: string }) {
  const pieces = useMemo(() => linkify(text), [text]);
  const [only] = pieces;
  const isLarge = pieces.length === 1 && only?.kind === "text" && isEmojiOnly(text);
  return (
    <p className={isLarge ? "lc-emoji" : "lc-bubble"} dir="auto">
      {pieces.map((piece, at) =>
        piece.kind === "link" ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a text never change places.
          <a key={at} href={piece.href} target="_blank" rel="noopener noreferrer nofollow">
            {piece.text}
          </a>
        ) : (
          piece.text
        ),
      )}
    </p>
  );
});

/** Asks a person what no machine can tell: whether a text went out. */
function SettleButtons({ messageId }: { messageId: string }) {
  const { store } = useInbox();
  const [isBusy, setIsBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);

  async function settle(verdict: "send_again" | "arrived") {
    setIsBusy(true);
    setFailure(null);
    try {
      await store.api.settleMessage(messageId, verdict);
    } catch (error) {
      setFailure(explainFailure(error));
    } finally {
      setIsBusy(false);
    }
  }

  return (
    <span className="lc-actions">
      <button type="button" disabled={isBusy} onClick={() => void settle("send_again")}>
        Send again
      </button>
      <button type="button" disabled={isBusy} onClick={() => void settle("arrived")}>
        It arrived
      </button>
      {failure && <span role="alert">{failure}</span>}
    </span>
  );
}

/** A text on its way to the server, or one that did not get there. */
export const OutboxBubble = memo(function OutboxBubble({
  item,
  store,
  isGroupStart,
  isGroupEnd,
}: {
  item: OutboxItem;
  store: InboxStore;
  isGroupStart: boolean;
  isGroupEnd: boolean;
}) {
  const isFailed = item.state === "failed";
  return (
    <li
      className="lc-message"
      data-side="out"
      data-pending={!isFailed || undefined}
      data-start={isGroupStart || undefined}
      data-end={isGroupEnd || undefined}
      data-failed={isFailed || undefined}
      data-message={item.id}
    >
      <span className="lc-hidden">{`You, ${formatMoment(item.createdAt)}: `}</span>
      {item.media.map((file) => (
        <div key={file.id} className="lc-file">
          <LuPaperclip aria-hidden="true" />
          <span className="lc-file-name">{file.fileName ?? "Attachment"}</span>
        </div>
      ))}
      {item.text !== "" && <BubbleText text={item.text} />}
      <span className="lc-meta" data-tone={isFailed ? "danger" : "quiet"}>
        {isFailed ? (
          <>
            <LuCircleAlert aria-hidden="true" />
            <span>Not sent</span>
          </>
        ) : (
          <>
            <LuClock aria-hidden="true" />
            <span>{item.state === "waiting" ? "Waiting" : "Sending"}</span>
          </>
        )}
      </span>
      {isFailed && (
        <>
          {item.reason && <span className="lc-reason">{item.reason}</span>}
          <span className="lc-actions">
            <button type="button" onClick={() => store.retry(item.contactId, item.id)}>
              Retry
            </button>
            <button type="button" onClick={() => store.discard(item.contactId, item.id)}>
              Delete
            </button>
          </span>
        </>
      )}
    </li>
  );
});
