import { isRefusedAgain } from "@livechat/shared";
import { memo } from "react";
import { LuCircleAlert, LuClock, LuCloudOff, LuPaperclip } from "react-icons/lu";
import { findSpeakerId } from "../../realtime/find-speaker-id.ts";
import type { OutboxItem } from "../../realtime/outbox.ts";
import { useInbox, useInboxPart } from "../../realtime/use-inbox.tsx";
import { keepAttachments } from "./attachments.ts";
import { BubbleText } from "./BubbleText.tsx";
import { formatMoment, formatTime } from "./format-time.ts";
import { reviseText } from "./revise-text.ts";

interface OutboxBubbleProps {
  item: OutboxItem;
  isGroupStart: boolean;
  isGroupEnd: boolean;
}

/** A text on its way to the server, or one that did not get there. */
export const OutboxBubble = memo(function OutboxBubble({
  item,
  isGroupStart,
  isGroupEnd,
}: OutboxBubbleProps) {
  const isLive = useInboxPart((snapshot) => snapshot.connection === "live");
  const isFailed = item.state === "failed";
  const state = describeState(item, isLive);
  return (
    <div
      className="lc-message"
      data-side="out"
      data-pending={!isFailed || undefined}
      data-start={isGroupStart || undefined}
      data-end={isGroupEnd || undefined}
      data-failed={isFailed || undefined}
    >
      <span className="lc-hidden">{`You, ${formatMoment(item.createdAt)}: `}</span>
      {item.media.map((file) => (
        <div key={file.id} className="lc-file">
          <LuPaperclip aria-hidden="true" />
          <bdi className="lc-file-name">{file.fileName ?? "Attachment"}</bdi>
        </div>
      ))}
      {item.text !== "" && <BubbleText text={item.text} />}
      <span className="lc-meta" data-tone={isFailed ? "danger" : "quiet"}>
        <state.Icon aria-hidden="true" />
        <span>{state.label}</span>
      </span>
      {isFailed && item.reason && <span className="lc-reason">{item.reason}</span>}
      {item.state !== "sending" && (state.isWaitingForLine || item.state !== "waiting") && (
        <OutboxActions item={item} />
      )}
    </div>
  );
});

function describeState(item: OutboxItem, isLive: boolean) {
  switch (item.state) {
    case "failed":
      return { label: "Not sent", Icon: LuCircleAlert, isWaitingForLine: false };
    case "held":
      return {
        label: `Written at ${formatTime(item.createdAt)} without a connection. Send it now?`,
        Icon: LuCloudOff,
        isWaitingForLine: false,
      };
    case "sending":
      return { label: "Sending", Icon: LuClock, isWaitingForLine: false };
    case "waiting":
      return isLive
        ? { label: "Waiting", Icon: LuClock, isWaitingForLine: false }
        : {
            label: item.isInDoubt
              ? "Perhaps sent: asked again when online"
              : "Will send when online",
            Icon: LuCloudOff,
            isWaitingForLine: true,
          };
    default:
      return item.state satisfies never;
  }
}

function OutboxActions({ item }: { item: OutboxItem }) {
  const { store } = useInbox();
  const isLandline = item.refusal === "contact_is_landline";
  const canRetry = !isLandline && !(item.refusal && isRefusedAgain(item.refusal));

  function edit() {
    store.discard(item.contactId, item.id);
    // Its conversation may have become part of another one since.
    const contacts = store.getSnapshot().inbox?.contacts;
    const contactId = contacts ? findSpeakerId(contacts, item.contactId) : item.contactId;
    keepAttachments(contactId, item.media);
    reviseText({
      workspaceId: store.workspaceId,
      contactId,
      content: item.text,
    });
  }

  return (
    <span className="lc-actions">
      {item.state === "held" && (
        <button type="button" onClick={() => store.retry(item.contactId, item.id)}>
          Send now
        </button>
      )}
      {item.state === "failed" && canRetry && (
        <button type="button" onClick={() => store.retry(item.contactId, item.id)}>
          Retry
        </button>
      )}
      {item.state === "failed" && isLandline && (
        <button
          type="button"
          onClick={() => store.retry(item.contactId, item.id, { sendAnyway: true })}
        >
          Send anyway
        </button>
      )}
      {/* Written anew it would go out twice, where the first one did arrive. */}
      {!item.isInDoubt && (
        <button type="button" onClick={edit}>
          Edit
        </button>
      )}
      <button type="button" onClick={() => store.discard(item.contactId, item.id)}>
        {item.state === "waiting" ? "Cancel" : "Delete"}
      </button>
    </span>
  );
}
