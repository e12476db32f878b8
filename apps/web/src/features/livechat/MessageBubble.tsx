import type { Message } from "@livechat/shared";
import { memo } from "react";
import { LuBan, LuCheck, LuCheckCheck, LuCircleAlert, LuCircleHelp, LuClock } from "react-icons/lu";
import { showAddress, useAddressRules } from "../../components/show-address.ts";
import { BubbleText } from "./BubbleText.tsx";
import { describeCost } from "./describe-cost.ts";
import { describeStatus, type StatusIcon } from "./describe-status.ts";
import { FailedActions } from "./FailedActions.tsx";
import { FailureNote } from "./FailureNote.tsx";
import { formatMoment, formatTime } from "./format-time.ts";
import { MessageMedia } from "./MessageMedia.tsx";
import { MessageReactions } from "./MessageReactions.tsx";
import { SettleButtons } from "./SettleButtons.tsx";

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
  /** Which of the customer's numbers it is about; null where there is only one. */
  number: string | null;
  isGroupStart: boolean;
  isGroupEnd: boolean;
  /** Words that a search looks for; empty for none. */
  marked: string;
}

/** One text of the log, with its files and what became of it. */
export const MessageBubble = memo(function MessageBubble({
  message,
  author,
  number,
  isGroupStart,
  isGroupEnd,
  marked,
}: MessageBubbleProps) {
  useAddressRules();
  const isOut = message.direction === "outbound";
  const status = describeStatus(message.status);
  const isFailed = status?.tone === "danger";
  const time = formatTime(message.createdAt);
  const title = [formatMoment(message.createdAt), describeCost(message)]
    .filter(Boolean)
    .join(" · ");
  const StatusMark = status ? icons[status.icon] : null;
  const place = number && `${isOut ? "to " : ""}${showAddress(number)}`;
  const hasAttention = status !== null && status.tone !== "quiet";
  return (
    <div
      className="lc-message"
      data-side={isOut ? "out" : "in"}
      data-start={isGroupStart || undefined}
      data-end={isGroupEnd || undefined}
      data-failed={isFailed || undefined}
    >
      <span className="lc-hidden">
        {`${[author, place, formatMoment(message.createdAt)].filter(Boolean).join(", ")}: `}
      </span>
      {message.media.map((media) => (
        <MessageMedia key={media.id} media={media} caption={`from ${author}, ${time}`} />
      ))}
      {message.content !== "" && <BubbleText text={message.content} marked={marked} />}
      {message.reactions.length > 0 && <MessageReactions reactions={message.reactions} />}
      {isGroupEnd || hasAttention ? (
        <span className="lc-meta" data-tone={status?.tone} title={title}>
          {isOut && isGroupEnd && <span aria-hidden="true">{author} · </span>}
          {place && isGroupEnd && <span aria-hidden="true">{place} · </span>}
          <time dateTime={message.createdAt}>{time}</time>
          {status && StatusMark && (
            <>
              <StatusMark aria-hidden="true" />
              <span className={hasAttention ? undefined : "lc-hidden"}>{status.label}</span>
            </>
          )}
        </span>
      ) : (
        status && <span className="lc-hidden">{status.label}</span>
      )}
      {(isFailed || message.status === "canceled") && (
        <>
          <FailureNote message={message} />
          <FailedActions message={message} />
        </>
      )}
      {message.status === "unconfirmed" && <SettleButtons messageId={message.id} />}
    </div>
  );
});
