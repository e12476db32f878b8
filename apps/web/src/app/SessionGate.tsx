import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { ErrorState } from "../components/ErrorState.tsx";
import { useFirstScreen } from "../components/first-screen.ts";
import { PageSpinner } from "../components/PageSpinner.tsx";
import { startSession, watchSession } from "../session/session.ts";
import { useSessionState } from "../session/use-session.ts";

/** Waits until it is known who is signed in, and forgets one person's data before another's pages. */
export function SessionGate({ children }: { children: ReactNode }) {
  const session = useSessionState();
  const [failure, setFailure] = useState<Error | null>(null);
  const [attempt, setAttempt] = useState(0);
  const queries = useQueryClient();

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new attempt starts the session again.
  useEffect(() => {
    let isCurrent = true;
    startSession().then(
      () => isCurrent && setFailure(null),
      (error: Error) => isCurrent && setFailure(error),
    );
    return () => {
      isCurrent = false;
    };
  }, [attempt]);

  const hasFirstScreen = useFirstScreen();
  useEffect(() => {
    if (hasFirstScreen) watchSession();
  }, [hasFirstScreen]);

  const userId = session.kind === "signed_in" ? session.userId : null;
  const lastUserId = useRef(userId);
  useEffect(() => {
    if (lastUserId.current !== null && lastUserId.current !== userId) queries.clear();
    lastUserId.current = userId;
  }, [userId, queries]);

  if (session.kind !== "loading") return children;
  if (failure)
    return (
      <ErrorState
        title="Livechat cannot be reached"
        detail={failure.message}
        onRetry={() => setAttempt(attempt + 1)}
      />
    );
  return <PageSpinner />;
}
