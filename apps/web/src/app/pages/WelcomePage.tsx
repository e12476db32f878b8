import { Button } from "@chakra-ui/react";
import { useNavigate } from "react-router";
import { ErrorState } from "../../components/ErrorState.tsx";
import { TextLink } from "../../components/TextLink.tsx";
import { NameWorkspaceForm } from "../../features/onboarding/NameWorkspaceForm.tsx";
import { SetupLayout } from "../../features/onboarding/SetupLayout.tsx";
import { signOut } from "../../session/session.ts";
import { useMe } from "../../session/use-session.ts";

/** Names a new workspace: the second step of the first set-up, and every later one's first. */
export function WelcomePage() {
  const me = useMe();
  const navigate = useNavigate();
  if (!me.canCreateWorkspace)
    return (
      <ErrorState
        title="You cannot create workspaces"
        detail="Ask the owner of this installation, or open an invitation link."
      >
        <TextLink to="/">Go back</TextLink>
      </ErrorState>
    );
  return (
    <SetupLayout
      step="workspace"
      title="Name your workspace"
      subtitle="A workspace is your team's inbox, with its own numbers and people."
      footer={
        me.workspaces.length > 0 ? (
          <TextLink to="/">Back to your inbox</TextLink>
        ) : (
          <Button variant="plain" color="fg.muted" onClick={() => void signOut()}>
            Sign out
          </Button>
        )
      }
    >
      <NameWorkspaceForm onCreated={(id) => navigate(`/w/${id}/connect`)} />
    </SetupLayout>
  );
}
