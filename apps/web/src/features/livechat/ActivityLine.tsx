import type { Activity } from "@livechat/shared";
import { memo } from "react";
import { describeActivity } from "./describe-activity.ts";
import { formatMoment, formatTime } from "./format-time.ts";

/** What was done in a conversation, as a small line between its texts. */
export const ActivityLine = memo(function ActivityLine({
  activity,
  ownId,
}: {
  activity: Activity;
  ownId: string;
}) {
  return (
    <p className="lc-activity">
      {describeActivity(activity, ownId)}{" "}
      <time dateTime={activity.createdAt} title={formatMoment(activity.createdAt)}>
        · {formatTime(activity.createdAt)}
      </time>
    </p>
  );
});
