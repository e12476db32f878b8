import type { MessageReaction } from "@livechat/shared";
import { formatMoment } from "./format-time.ts";
import "./message-reactions.css";

/** What the customer's phone said about a text, as a badge on its bubble. */
export function MessageReactions({ reactions }: { reactions: readonly MessageReaction[] }) {
  return (
    <span className="lc-reactions">
      {reactions.map(({ emoji, at }) => (
        <span
          key={`${emoji} ${at}`}
          role="img"
          aria-label={`The customer reacted with ${emoji}`}
          title={`The customer reacted with ${emoji}, ${formatMoment(at)}`}
        >
          {emoji}
        </span>
      ))}
    </span>
  );
}
