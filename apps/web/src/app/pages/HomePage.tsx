import { Button } from "@chakra-ui/react";
import { Navigate } from "react-router";
import { ErrorState } from "../../components/ErrorState.tsx";
import { signOut } from "../../session/session.ts";
import { useMe } from "../../session/use-session.ts";
import { findLastWorkspace } from "../last-workspace.ts";

/** Leads on: to the last workspace, or to a first one. */
export function HomePage() {
  const me = useMe();
  const last = findLastWorkspace();
  const workspace = me.workspaces.find((candidate) => candidate.id === last) ?? me.workspaces.at(0);
  if (workspace) return <Navigate to={`/w/${workspace.id}`} replace />;
  if (me.canCreateWorkspace) return <Navigate to="/welcome" replace />;
  return (
    <ErrorState
      title="You are in no workspace yet"
      detail={`Ask an admin for an invitation link and open it while you are signed in as ${me.email}.`}
    >
      <Button variant="outline" onClick={() => void signOut()}>
        Sign out
      </Button>
    </ErrorState>
  );
}
