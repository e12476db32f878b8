import { useInbox } from "../../realtime/use-inbox.tsx";
import { useRequest } from "./use-request.ts";

/** Asks a person what no machine can tell: whether a text went out. */
export function SettleButtons({ messageId }: { messageId: string }) {
  const { api } = useInbox().store;
  const { isBusy, failure, run } = useRequest();
  return (
    <span className="lc-actions">
      <button
        type="button"
        disabled={isBusy}
        onClick={() => run(() => api.settleMessage(messageId, "send_again"))}
      >
        Send again
      </button>
      <button
        type="button"
        disabled={isBusy}
        onClick={() => run(() => api.settleMessage(messageId, "arrived"))}
      >
        It arrived
      </button>
      {failure && <span role="alert">{failure}</span>}
    </span>
  );
}
