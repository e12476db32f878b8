import { AllScheduled } from "../../features/livechat/AllScheduled.tsx";

/** The texts of the whole workspace that wait for their time. */
export function ScheduledPage() {
  return <AllScheduled />;
}
