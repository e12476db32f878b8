import { Button, Stack, Text } from "@chakra-ui/react";
import { invitePreview, workspace as workspaceShape } from "@livechat/shared";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useNavigate, useParams } from "react-router";
import { ApiError, apiRequest } from "../../api/client.ts";
import { ErrorState } from "../../components/ErrorState.tsx";
import { Notice } from "../../components/Notice.tsx";
import { PageSpinner } from "../../components/PageSpinner.tsx";
import { TextLink } from "../../components/TextLink.tsx";
import { AuthCard } from "../../features/sign-in/AuthCard.tsx";
import { SignInForm } from "../../features/sign-in/SignInForm.tsx";
import { SignUpForm } from "../../features/sign-in/SignUpForm.tsx";
import { signOut } from "../../session/session.ts";
import { meQuery, useSessionState } from "../../session/use-session.ts";

/** Where an invitation's link leads: sign up or in, and join. */
export function InvitePage() {
  const { token = "" } = useParams();
  const path = `/api/invites/${encodeURIComponent(token)}`;
  const session = useSessionState();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [hasAccount, setHasAccount] = useState(false);
  const isSignedIn = session.kind === "signed_in";
  const preview = useQuery({
    queryKey: ["invite", token],
    queryFn: ({ signal }) => apiRequest({ path, response: invitePreview, signal }),
  });
  const person = useQuery({ ...meQuery, enabled: isSignedIn });
  const join = useMutation({
    mutationFn: () =>
      apiRequest({ method: "POST", path: `${path}/accept`, response: workspaceShape }),
    onSuccess: async ({ id }) => {
      await queries.fetchQuery({ ...meQuery, staleTime: 0 });
      await navigate(`/w/${id}`, { replace: true });
    },
  });

  if (preview.isPending) return <PageSpinner />;
  if (preview.isError)
    return preview.error instanceof ApiError && preview.error.status >= 400 ? (
      <ErrorState
        title="This invitation does not work any more"
        detail="It may be used, withdrawn or too old. Ask for a new link."
      >
        <TextLink to="/">Go to Livechat</TextLink>
      </ErrorState>
    ) : (
      <ErrorState
        title="The invitation could not be loaded"
        detail={preview.error.message}
        onRetry={() => void preview.refetch()}
        isRetrying={preview.isFetching}
      />
    );

  const { workspaceName, email, role } = preview.data;
  const title = `Join ${workspaceName}`;
  if (isSignedIn)
    return (
      <AuthCard
        title={title}
        subtitle={`You will be ${role === "admin" ? "an admin" : "an agent"} there.`}
      >
        <Stack gap="3">
          {join.isError && <Notice kind="error">{join.error.message}</Notice>}
          {person.data && (
            <Text textAlign="center" color="fg.muted" overflowWrap="anywhere">
              Signed in as {person.data.email}
            </Text>
          )}
          <Button
            colorPalette="accent"
            size="lg"
            loading={join.isPending}
            loadingText="Joining…"
            onClick={() => join.mutate()}
          >
            Join
          </Button>
          <Button variant="ghost" disabled={join.isPending} onClick={() => void signOut()}>
            Use another account
          </Button>
        </Stack>
      </AuthCard>
    );
  return (
    <AuthCard
      title={title}
      subtitle={
        hasAccount ? "Sign in to accept the invitation." : "Create your account to get started."
      }
      footer={
        <Button variant="plain" color="accent.fg" onClick={() => setHasAccount(!hasAccount)}>
          {hasAccount ? "I have no account yet" : "I have an account already"}
        </Button>
      }
    >
      {hasAccount ? (
        <SignInForm email={email} onDone={() => join.mutate()} />
      ) : (
        <SignUpForm
          email={email}
          inviteToken={token}
          submitLabel="Create account and join"
          onDone={() => join.mutate()}
        />
      )}
    </AuthCard>
  );
}
