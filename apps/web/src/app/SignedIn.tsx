import { Button } from "@chakra-ui/react";
import { useQuery } from "@tanstack/react-query";
import { Suspense, useEffect } from "react";
import { Navigate, Outlet, useLocation } from "react-router";
import { ApiError } from "../api/client.ts";
import { ErrorState } from "../components/ErrorState.tsx";
import { late } from "../components/late.tsx";
import { PageSpinner } from "../components/PageSpinner.tsx";
import { expireSession, signOut } from "../session/session.ts";
import { meQuery, useSessionState } from "../session/use-session.ts";

const SignInAgainDialog = late(
  async () => (await import("./SignInAgainDialog.tsx")).SignInAgainDialog,
);

/** Lets signed-in people through, once it is known who they are; sends others to sign in and back. */
export function SignedIn() {
  const session = useSessionState();
  const location = useLocation();
  if (session.kind === "signed_in")
    return (
      <>
        <Known key={session.userId} />
        {session.isExpired && (
          <Suspense fallback={null}>
            <SignInAgainDialog email={session.email} />
          </Suspense>
        )}
      </>
    );
  const next = `${location.pathname}${location.search}`;
  const search = next === "/" ? "" : `?next=${encodeURIComponent(next)}`;
  return <Navigate to={`/sign-in${search}`} replace />;
}

function Known() {
  const query = useQuery(meQuery);
  const isRefused = query.error instanceof ApiError && query.error.status === 401;
  const isKnown = query.data !== undefined;
  useEffect(() => {
    if (!isRefused) return;
    if (isKnown) expireSession();
    else void signOut();
  }, [isRefused, isKnown]);
  if (isKnown) return <Outlet />;
  if (query.isPending || isRefused) return <PageSpinner />;
  const isUnreachable = query.error instanceof ApiError && query.error.status === 0;
  return (
    <ErrorState
      title={isUnreachable ? "Livechat cannot be reached" : "Your account could not be loaded"}
      detail={query.error.message}
      onRetry={() => void query.refetch()}
      isRetrying={query.isFetching}
    >
      <Button variant="ghost" onClick={() => void signOut()}>
        Sign out
      </Button>
    </ErrorState>
  );
}
