import { memo } from "react";
import { LuEllipsis } from "react-icons/lu";
import { ActivityLine } from "./ActivityLine.tsx";
import { formatDay } from "./format-time.ts";
import { MessageBubble } from "./MessageBubble.tsx";
import { NoteBubble } from "./NoteBubble.tsx";
import { OutboxBubble } from "./OutboxBubble.tsx";
import type { ThreadRow } from "./thread-layout.ts";

interface ThreadRowViewProps {
  row: ThreadRow;
  index: number;
  /** Where it stands in the thread, from the top. */
  startPx: number;
  author: string;
  contactName: string;
  ownId: string;
  /** Today, which is what "Yesterday" is counted from. */
  today: string;
  /** The pointer or the keyboard is on it. */
  isActive: boolean;
  isFlashing: boolean;
  marked: string;
  measure(element: HTMLElement | null): void;
}

/** One line of the thread, in its place. */
export const ThreadRowView = memo(function ThreadRowView(props: ThreadRowViewProps) {
  const { row, startPx, isActive, isFlashing } = props;
  const entryId = row.kind === "entry" ? row.entry.id : undefined;
  return (
    <li
      ref={props.measure}
      data-index={props.index}
      className="lc-line"
      data-kind={row.kind === "entry" ? row.entry.kind : row.kind}
      data-side={row.kind === "entry" ? sideOf(row) : undefined}
      data-end={(row.kind === "entry" && row.isGroupEnd) || undefined}
      data-message={entryId}
      data-flash={isFlashing || undefined}
      tabIndex={entryId ? -1 : undefined}
      style={{ transform: `translateY(${startPx}px)` }}
    >
      <Content {...props} />
      {isActive && row.kind === "entry" && row.entry.kind === "message" && (
        <button
          type="button"
          className="lc-more"
          tabIndex={-1}
          aria-label="Actions for this message"
          aria-haspopup="menu"
          data-menu-of={entryId}
        >
          <LuEllipsis />
        </button>
      )}
    </li>
  );
});

function sideOf({ entry }: Extract<ThreadRow, { kind: "entry" }>): "in" | "out" | undefined {
  if (entry.kind === "outbox") return "out";
  if (entry.kind !== "message") return undefined;
  return entry.message.direction === "inbound" ? "in" : "out";
}

function Content({ row, author, contactName, ownId, today, marked }: ThreadRowViewProps) {
  switch (row.kind) {
    case "start":
      return (
        <p className="lc-begin">
          The conversation with <bdi>{contactName}</bdi> begins here.
        </p>
      );
    case "day":
      return (
        <h3 className="lc-day">
          <span>{formatDay(row.firstAt, new Date(today))}</span>
        </h3>
      );
    case "unread":
      return (
        <p className="lc-unread">
          <span>New messages</span>
        </p>
      );
    case "entry": {
      const { entry, isGroupStart, isGroupEnd, number } = row;
      const group = { isGroupStart, isGroupEnd };
      switch (entry.kind) {
        case "message":
          return (
            <MessageBubble
              message={entry.message}
              author={author}
              number={number}
              marked={marked}
              {...group}
            />
          );
        case "outbox":
          return <OutboxBubble item={entry.item} {...group} />;
        case "note":
          return <NoteBubble note={entry.note} author={author} />;
        case "activity":
          return <ActivityLine activity={entry.activity} ownId={ownId} />;
        default:
          return entry satisfies never;
      }
    }
    default:
      return row satisfies never;
  }
}
