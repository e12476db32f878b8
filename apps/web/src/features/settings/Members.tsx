import { Badge, Box, Button, Flex, NativeSelect, Stack, Text } from "@chakra-ui/react";
import { type Member, memberList, type WorkspaceRole, workspaceRole } from "@livechat/shared";
import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useNavigate } from "react-router";
import { apiRequest } from "../../api/client.ts";
import { Avatar } from "../../components/Avatar.tsx";
import { ConfirmDialog } from "../../components/ConfirmDialog.tsx";
import { Notice } from "../../components/Notice.tsx";
import { PageSpinner } from "../../components/PageSpinner.tsx";
import { meQuery, useMe, useWorkspace } from "../../session/use-session.ts";
import { roleNames } from "./roles.ts";
import { SettingsSection } from "./SettingsSection.tsx";

function membersQuery(workspaceId: string) {
  return queryOptions({
    queryKey: ["members", workspaceId],
    queryFn: ({ signal }) =>
      apiRequest({
        path: `/api/workspaces/${workspaceId}/members`,
        response: memberList,
        signal,
      }),
  });
}

/** Who is in the workspace, and as what; agents only read it. */
export function Members() {
  const workspace = useWorkspace();
  const me = useMe();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const members = useQuery(membersQuery(workspace.id));
  const [leaving, setLeaving] = useState<Member | null>(null);
  const pathOf = (userId: string) => `/api/workspaces/${workspace.id}/members/${userId}`;
  const change = useMutation({
    mutationFn: ({ userId, role }: { userId: string; role: WorkspaceRole }) =>
      apiRequest({ method: "PATCH", path: pathOf(userId), body: { role } }),
    onSettled: () =>
      Promise.all([
        queries.invalidateQueries(membersQuery(workspace.id)),
        queries.invalidateQueries(meQuery),
      ]),
  });
  const remove = useMutation({
    mutationFn: (member: Member) => apiRequest({ method: "DELETE", path: pathOf(member.userId) }),
    onSuccess: async (_, member) => {
      setLeaving(null);
      if (member.userId === me.userId) {
        navigate("/", { replace: true });
        await queries.invalidateQueries(meQuery);
      } else await queries.invalidateQueries(membersQuery(workspace.id));
    },
  });
  const isMe = leaving?.userId === me.userId;
  return (
    <SettingsSection title="People" detail={`Everyone who sees the inbox of ${workspace.name}.`}>
      {change.isError && <Notice kind="error">{change.error.message}</Notice>}
      {members.isPending && <PageSpinner />}
      {members.isError && (
        <Stack align="start">
          <Notice kind="error">{members.error.message}</Notice>
          <Button variant="outline" onClick={() => void members.refetch()}>
            Try again
          </Button>
        </Stack>
      )}
      <Stack as="ul" gap="4" listStyleType="none">
        {members.data?.items.map((member) => (
          <Row
            key={member.userId}
            member={member}
            isMe={member.userId === me.userId}
            myRole={workspace.role}
            isBusy={change.isPending}
            onChange={(role) => change.mutate({ userId: member.userId, role })}
            onRemove={() => {
              remove.reset();
              setLeaving(member);
            }}
          />
        ))}
      </Stack>
      <ConfirmDialog
        isOpen={leaving !== null}
        title={isMe ? `Leave ${workspace.name}?` : `Remove ${leaving?.displayName ?? ""}?`}
        detail={
          isMe
            ? "You lose access at once. You need a new invitation to come back."
            : "They lose access at once. What they wrote stays."
        }
        confirmLabel={isMe ? "Leave" : "Remove"}
        isBusy={remove.isPending}
        error={remove.error?.message}
        onConfirm={() => leaving && remove.mutate(leaving)}
        onClose={() => setLeaving(null)}
      />
    </SettingsSection>
  );
}

interface RowProps {
  member: Member;
  isMe: boolean;
  myRole: WorkspaceRole;
  isBusy: boolean;
  onChange: (role: WorkspaceRole) => void;
  onRemove: () => void;
}

function Row({ member, isMe, myRole, isBusy, onChange, onRemove }: RowProps) {
  const mayManage = myRole === "owner" || (myRole === "admin" && member.role !== "owner" && !isMe);
  const roles = workspaceRole.options.filter((role) => role !== "owner" || myRole === "owner");
  return (
    <Flex as="li" gap="3" align="center" wrap="wrap">
      <Avatar id={member.userId} name={member.displayName} size={36} />
      <Box flex="1" minWidth="7rem">
        <Text fontWeight="medium" truncate>
          {member.displayName}
          {isMe && (
            <Text as="span" color="fg.muted" fontWeight="normal">
              {" "}
              (you)
            </Text>
          )}
        </Text>
        <Text color="fg.muted" fontSize="sm" truncate>
          {member.email}
        </Text>
      </Box>
      <Flex gap="2" align="center" marginStart="auto">
        {mayManage ? (
          <NativeSelect.Root size="sm" width="7.5rem" disabled={isBusy}>
            <NativeSelect.Field
              aria-label={`Role of ${member.displayName}`}
              value={member.role}
              onChange={(event) => onChange(workspaceRole.parse(event.target.value))}
            >
              {roles.map((role) => (
                <option key={role} value={role}>
                  {roleNames[role]}
                </option>
              ))}
            </NativeSelect.Field>
            <NativeSelect.Indicator />
          </NativeSelect.Root>
        ) : (
          <Badge size="md">{roleNames[member.role]}</Badge>
        )}
        {(mayManage || isMe) && (
          <Button
            size="sm"
            variant="ghost"
            color="status.error"
            aria-label={isMe ? "Leave this workspace" : `Remove ${member.displayName}`}
            onClick={onRemove}
          >
            {isMe ? "Leave" : "Remove"}
          </Button>
        )}
      </Flex>
    </Flex>
  );
}
