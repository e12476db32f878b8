import type { Activity } from "@livechat/shared";
import { isolate } from "../../components/isolate.ts";
import { showAddress } from "../../components/show-address.ts";
import { formatSnooze } from "./snooze-times.ts";

/** What was done in a conversation, in a sentence. */
export function describeActivity(
  { kind, actorId, actorName, detail, createdAt }: Activity,
  ownId: string,
): string {
  const who = actorId === ownId ? "You" : actorName;
  const number = detail.phoneNumber ? showAddress(detail.phoneNumber) : "";
  const whom = detail.memberId === ownId ? "you" : (detail.memberName ?? "someone");
  switch (kind) {
    case "status":
      if (detail.to === "Done") return who ? `${who} marked this as done` : "Marked as done";
      if (detail.to === "Pending") return `${who ?? "Someone"} marked this as pending`;
      return who ? `${who} reopened this` : "Reopened by a new text";
    case "snoozed": {
      const until = detail.until && formatSnooze(new Date(detail.until), new Date(createdAt));
      return `${who ?? "Someone"} snoozed this${until ? ` until ${until}` : ""}`;
    }
    case "woke":
      return who ? `${who} ended the snooze` : "The snooze ended";
    case "assigned":
      if (actorId !== null && actorId === detail.memberId) return `${who} took this on`;
      return who ? `${who} assigned this to ${whom}` : `Assigned to ${whom}`;
    case "unassigned":
      if (actorId !== null && actorId === detail.memberId) return `${who} gave this back`;
      return who ? `${who} took ${whom} off this` : `No longer assigned to ${whom}`;
    case "blocked":
      return `${who ?? "Someone"} blocked this contact`;
    case "unblocked":
      return `${who ?? "Someone"} unblocked this contact`;
    case "opted_out":
      return who
        ? `${who} recorded an opt-out${number && ` of ${number}`}`
        : `The customer opted out${number && ` with ${number}`}`;
    case "opted_in":
      return who
        ? `${who} recorded an opt-in${number && ` of ${number}`}`
        : `The customer opted in again${number && ` with ${number}`}`;
    case "merged":
      return `${who ?? "Someone"} merged ${nameMerged(detail)} into this conversation`;
    case "unmerged":
      return `${who ?? "Someone"} separated ${nameMerged(detail)} from this conversation`;
    case "tagged":
      return `${who ?? "Someone"} added the tag “${detail.tagName ?? ""}”`;
    case "untagged":
      return `${who ?? "Someone"} removed the tag “${detail.tagName ?? ""}”`;
    default:
      return kind satisfies never;
  }
}

function nameMerged({ contactName, phoneNumber }: Activity["detail"]): string {
  const number = phoneNumber ? showAddress(phoneNumber) : "a contact";
  return contactName ? `${isolate(contactName)}, ${number},` : number;
}
