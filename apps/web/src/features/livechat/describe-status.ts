import type { MessageStatus } from "@livechat/shared";

export type StatusTone = "quiet" | "muted" | "warning" | "danger";
export type StatusIcon = "clock" | "check" | "double_check" | "alert" | "canceled" | "question";

interface StatusView {
  label: string;
  icon: StatusIcon;
  tone: StatusTone;
}

/** How an outbound text's status is shown; null for inbound texts, which have none to show. */
export function describeStatus(status: MessageStatus): StatusView | null {
  switch (status) {
    case "scheduled":
      return { label: "Scheduled", icon: "clock", tone: "quiet" };
    case "pending":
      return { label: "Waiting", icon: "clock", tone: "quiet" };
    case "sending":
      return { label: "Sending", icon: "clock", tone: "quiet" };
    case "unconfirmed":
      return { label: "Not sure it was sent", icon: "question", tone: "warning" };
    case "queued":
      return { label: "Waiting at the carrier", icon: "clock", tone: "quiet" };
    case "sent":
      return { label: "Sent", icon: "check", tone: "quiet" };
    case "delivered":
      return { label: "Delivered", icon: "double_check", tone: "quiet" };
    case "undelivered":
      return { label: "Not delivered", icon: "alert", tone: "danger" };
    case "failed":
      return { label: "Failed", icon: "alert", tone: "danger" };
    case "canceled":
      return { label: "Canceled", icon: "canceled", tone: "muted" };
    case "received":
      return null;
    default:
      return status satisfies never;
  }
}
