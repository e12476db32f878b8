import { toaster } from "../../components/toaster.tsx";
import { explainFailure, useInbox } from "../../realtime/use-inbox.tsx";
import { useRequest } from "./use-request.ts";

const undoMs = 8000;

/** What can be done with a text that waits for its time, and why it failed. */
export function useScheduledActions(messageId: string): {
  isBusy: boolean;
  failure: string | null;
  sendNow(): void;
  /** Calls it off, and offers to schedule it again. */
  cancel(): void;
} {
  const { api } = useInbox().store;
  const { isBusy, failure, run } = useRequest();

  function restore(): void {
    api.restoreScheduled(messageId).catch((error) =>
      toaster.create({
        type: "error",
        title: "It could not be scheduled again",
        description: explainFailure(error),
        closable: true,
      }),
    );
  }

  return {
    isBusy,
    failure,
    sendNow: () => void run(() => api.sendScheduledNow(messageId)),
    cancel() {
      void run(() => api.cancelScheduled(messageId)).then((isDone) => {
        if (!isDone) return;
        toaster.create({
          type: "success",
          title: "Scheduled text canceled",
          duration: undoMs,
          closable: true,
          action: { label: "Undo", onClick: restore },
        });
      });
    },
  };
}
