import { useState } from "react";
import { explainFailure } from "../../realtime/use-inbox.tsx";

/** Runs one request at a time for a button and keeps why it failed, for a person. */
export function useRequest(): {
  isBusy: boolean;
  failure: string | null;
  /** Resolves to whether it worked. */
  run(request: () => Promise<unknown>): Promise<boolean>;
} {
  const [isBusy, setIsBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  return {
    isBusy,
    failure,
    async run(request) {
      setIsBusy(true);
      setFailure(null);
      try {
        await request();
        return true;
      } catch (error) {
        setFailure(explainFailure(error));
        return false;
      } finally {
        setIsBusy(false);
      }
    },
  };
}
