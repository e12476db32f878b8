import { useState } from "react";
import { explainFailure, useInbox } from "../../realtime/use-inbox.tsx";
import "./failure-note.css";

/** Asks for a file again that did not come from the carrier; the log tells what became of it. */
export function RetryMedia({ mediaId }: { mediaId: string }) {
  const { store } = useInbox();
  const [isBusy, setIsBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);

  async function retry() {
    setIsBusy(true);
    setFailure(null);
    try {
      await store.api.retryMedia(mediaId);
    } catch (error) {
      setFailure(explainFailure(error));
    } finally {
      setIsBusy(false);
    }
  }

  return (
    <>
      <button type="button" className="lc-why" disabled={isBusy} onClick={() => void retry()}>
        Try again
      </button>
      {failure && <span role="alert">{failure}</span>}
    </>
  );
}
