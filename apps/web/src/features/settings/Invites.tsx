import {
  Box,
  Button,
  Field,
  Flex,
  Heading,
  Input,
  NativeSelect,
  Separator,
  Stack,
  Text,
} from "@chakra-ui/react";
import { createdInvite, createInviteRequest, type Invite, inviteList } from "@livechat/shared";
import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { apiRequest } from "../../api/client.ts";
import { ConfirmDialog } from "../../components/ConfirmDialog.tsx";
import { CopyButton } from "../../components/CopyButton.tsx";
import { Notice } from "../../components/Notice.tsx";
import { TextField } from "../../components/TextField.tsx";
import { useWorkspace } from "../../session/use-session.ts";
import { roleNames } from "./roles.ts";
import { SettingsSection } from "./SettingsSection.tsx";

function invitesQuery(workspaceId: string) {
  return queryOptions({
    queryKey: ["invites", workspaceId],
    queryFn: ({ signal }) =>
      apiRequest({
        path: `/api/workspaces/${workspaceId}/invites`,
        response: inviteList,
        signal,
      }),
  });
}

const day = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "long" });

/** Links that let people in: made, copied, withdrawn. For admins. */
export function Invites() {
  const workspace = useWorkspace();
  const queries = useQueryClient();
  const path = `/api/workspaces/${workspace.id}/invites`;
  const invites = useQuery(invitesQuery(workspace.id));
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<Invite["role"]>("agent");
  const [emailError, setEmailError] = useState<string>();
  const [withdrawing, setWithdrawing] = useState<Invite | null>(null);
  const create = useMutation({
    mutationFn: (body: unknown) =>
      apiRequest({ method: "POST", path, body, response: createdInvite }),
    onSuccess: async () => {
      setEmail("");
      await queries.invalidateQueries(invitesQuery(workspace.id));
    },
  });
  const withdraw = useMutation({
    mutationFn: (invite: Invite) => apiRequest({ method: "DELETE", path: `${path}/${invite.id}` }),
    onSuccess: async (_, invite) => {
      if (create.data?.invite.id === invite.id) create.reset();
      setWithdrawing(null);
      await queries.invalidateQueries(invitesQuery(workspace.id));
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const request = createInviteRequest.safeParse({ email: email.trim() || null, role });
    setEmailError(request.success ? undefined : "Enter a whole email address, or nothing.");
    if (request.success) create.mutate(request.data);
  };
  const open = invites.data?.items.filter((invite) => invite.acceptedAt === null) ?? [];
  return (
    <SettingsSection title="Invitations" detail="A link lets one person join. Send it as you like.">
      <form onSubmit={submit} noValidate>
        <Flex gap="3" direction={{ base: "column", sm: "row" }} align={{ sm: "flex-start" }}>
          <TextField
            label="Email (optional)"
            type="email"
            autoComplete="off"
            autoCapitalize="none"
            value={email}
            help="Then only this person can use it."
            error={emailError}
            onChange={(event) => setEmail(event.target.value)}
          />
          <Field.Root width={{ base: "100%", sm: "9rem" }} flexShrink="0">
            <Field.Label>Role</Field.Label>
            <NativeSelect.Root>
              <NativeSelect.Field
                value={role}
                onChange={(event) => setRole(event.target.value === "admin" ? "admin" : "agent")}
              >
                <option value="agent">{roleNames.agent}</option>
                <option value="admin">{roleNames.admin}</option>
              </NativeSelect.Field>
              <NativeSelect.Indicator />
            </NativeSelect.Root>
          </Field.Root>
          <Button
            type="submit"
            colorPalette="accent"
            marginTop={{ base: "0", sm: "26px" }}
            flexShrink="0"
            loading={create.isPending}
          >
            Create link
          </Button>
        </Flex>
      </form>
      {create.isError && <Notice kind="error">{create.error.message}</Notice>}
      {create.data && (
        <Stack bg="accent.subtle" borderRadius="lg" padding="4" gap="3" role="status">
          <Text>Copy the link now: it is shown only this once.</Text>
          <Flex gap="2" direction={{ base: "column", sm: "row" }}>
            <Input
              readOnly
              bg="bg.panel"
              value={create.data.url}
              aria-label="Invitation link"
              onFocus={(event) => event.target.select()}
            />
            <CopyButton text={create.data.url} label="Copy link" />
          </Flex>
        </Stack>
      )}
      {invites.isError && (
        <Stack align="start">
          <Notice kind="error">{invites.error.message}</Notice>
          <Button variant="outline" onClick={() => void invites.refetch()}>
            Try again
          </Button>
        </Stack>
      )}
      {open.length > 0 && (
        <>
          <Separator borderColor="hairline" />
          <Heading as="h3" size="sm">
            Not used yet
          </Heading>
          <Stack as="ul" gap="3" listStyleType="none">
            {open.map((invite) => (
              <Flex as="li" key={invite.id} gap="3" align="center">
                <Box flex="1" minWidth="0">
                  <Text truncate>{invite.email ?? "Anyone with the link"}</Text>
                  <Text color="fg.muted" fontSize="sm">
                    {roleNames[invite.role]} · {describeExpiry(invite.expiresAt)}
                  </Text>
                </Box>
                <Button
                  size="sm"
                  variant="ghost"
                  color="status.error"
                  aria-label={`Withdraw the invitation for ${invite.email ?? "anyone with the link"}`}
                  onClick={() => {
                    withdraw.reset();
                    setWithdrawing(invite);
                  }}
                >
                  Withdraw
                </Button>
              </Flex>
            ))}
          </Stack>
        </>
      )}
      <ConfirmDialog
        isOpen={withdrawing !== null}
        title="Withdraw the invitation?"
        detail="Its link stops working at once."
        confirmLabel="Withdraw"
        isBusy={withdraw.isPending}
        error={withdraw.error?.message}
        onConfirm={() => withdrawing && withdraw.mutate(withdrawing)}
        onClose={() => setWithdrawing(null)}
      />
    </SettingsSection>
  );
}

function describeExpiry(expiresAt: string): string {
  const end = new Date(expiresAt);
  return end.getTime() < Date.now() ? "has run out" : `until ${day.format(end)}`;
}
