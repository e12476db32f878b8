import { Box, Button, Flex, IconButton, Input, NativeSelect, Stack, Text } from "@chakra-ui/react";
import { type Tag, type TagColour, tag, tagColour, tagList } from "@livechat/shared";
import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { LuTrash2 } from "react-icons/lu";
import { apiRequest } from "../../api/client.ts";
import { ConfirmDialog } from "../../components/ConfirmDialog.tsx";
import { Notice } from "../../components/Notice.tsx";
import { PageSpinner } from "../../components/PageSpinner.tsx";
import { TextField } from "../../components/TextField.tsx";
import { useWorkspace } from "../../session/use-session.ts";
import { SettingsSection } from "./SettingsSection.tsx";

function tagsQuery(workspaceId: string) {
  return queryOptions({
    queryKey: ["tags", workspaceId],
    queryFn: ({ signal }) =>
      apiRequest({ path: `/api/workspaces/${workspaceId}/tags`, response: tagList, signal }),
  });
}

/** The words that conversations are sorted by; agents only read them. */
export function Tags() {
  const workspace = useWorkspace();
  const queries = useQueryClient();
  const tags = useQuery(tagsQuery(workspace.id));
  const [name, setName] = useState("");
  const [colour, setColour] = useState<TagColour>("blue");
  const [leaving, setLeaving] = useState<Tag | null>(null);
  const path = `/api/workspaces/${workspace.id}/tags`;
  const refresh = () => queries.invalidateQueries(tagsQuery(workspace.id));
  const add = useMutation({
    mutationFn: () =>
      apiRequest({ method: "POST", path, body: { name: name.trim(), colour }, response: tag }),
    onSuccess: async () => {
      setName("");
      await refresh();
    },
  });
  const change = useMutation({
    mutationFn: ({ id, ...body }: Partial<Tag> & { id: string }) =>
      apiRequest({ method: "PATCH", path: `${path}/${id}`, body }),
    onSettled: refresh,
  });
  const remove = useMutation({
    mutationFn: ({ id }: Tag) => apiRequest({ method: "DELETE", path: `${path}/${id}` }),
    onSuccess: async () => {
      setLeaving(null);
      await refresh();
    },
  });
  const mayManage = workspace.role !== "agent";
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() !== "") add.mutate();
  };

  return (
    <SettingsSection
      title="Tags"
      detail="Words to sort conversations by. Everyone can put them on."
    >
      {tags.isPending && <PageSpinner />}
      {tags.isError && (
        <Stack align="start">
          <Notice kind="error">{tags.error.message}</Notice>
          <Button variant="outline" onClick={() => void tags.refetch()}>
            Try again
          </Button>
        </Stack>
      )}
      {change.isError && <Notice kind="error">{change.error.message}</Notice>}
      {tags.data?.items.length === 0 && <Text color="fg.muted">There are no tags yet.</Text>}
      <Stack as="ul" gap="2" listStyleType="none">
        {tags.data?.items.map((each) => (
          <Row
            key={`${each.id} ${each.name}`}
            tag={each}
            mayManage={mayManage}
            onChange={(values) => change.mutate({ id: each.id, ...values })}
            onRemove={() => {
              remove.reset();
              setLeaving(each);
            }}
          />
        ))}
      </Stack>
      {mayManage && (
        <form onSubmit={submit} noValidate>
          <Flex gap="3" align="flex-end" flexWrap="wrap">
            <Box flex="1 1 12rem">
              <TextField
                label="New tag"
                value={name}
                maxLength={50}
                autoComplete="off"
                onChange={(event) => setName(event.target.value)}
              />
            </Box>
            <ColourField label="Colour" value={colour} onChange={setColour} />
            <Button
              type="submit"
              colorPalette="accent"
              loading={add.isPending}
              disabled={name.trim() === ""}
            >
              Add
            </Button>
          </Flex>
          {add.isError && (
            <Box marginTop="3">
              <Notice kind="error">{add.error.message}</Notice>
            </Box>
          )}
        </form>
      )}
      <ConfirmDialog
        isOpen={leaving !== null}
        title={`Remove the tag “${leaving?.name ?? ""}”?`}
        detail="It is taken off every conversation that has it. The conversations stay."
        confirmLabel="Remove"
        isBusy={remove.isPending}
        error={remove.error?.message}
        onConfirm={() => leaving && remove.mutate(leaving)}
        onClose={() => setLeaving(null)}
      />
    </SettingsSection>
  );
}

function Row({
  tag: { name, colour },
  mayManage,
  onChange,
  onRemove,
}: {
  tag: Tag;
  mayManage: boolean;
  onChange(values: Partial<Tag>): void;
  onRemove(): void;
}) {
  const [text, setText] = useState(name);
  if (!mayManage) {
    return (
      <Flex as="li" align="center" gap="3" minHeight="36px">
        <Dot colour={colour} />
        <Text dir="auto">{name}</Text>
      </Flex>
    );
  }
  const save = () => {
    const next = text.trim();
    if (next === "") setText(name);
    else if (next !== name) onChange({ name: next });
  };
  return (
    <Flex as="li" align="center" gap={{ base: "2", sm: "3" }}>
      <Dot colour={colour} />
      <Input
        flex="1"
        minWidth="0"
        aria-label={`Name of the tag ${name}`}
        value={text}
        maxLength={50}
        autoComplete="off"
        onChange={(event) => setText(event.target.value)}
        onBlur={save}
        onKeyDown={(event) => event.key === "Enter" && event.currentTarget.blur()}
      />
      <ColourField
        label={`Colour of the tag ${name}`}
        isLabelHidden
        value={colour}
        onChange={(next) => onChange({ colour: next })}
      />
      <IconButton variant="ghost" aria-label={`Remove the tag ${name}`} onClick={onRemove}>
        <LuTrash2 />
      </IconButton>
    </Flex>
  );
}

function Dot({ colour }: { colour: TagColour }) {
  return <Box aria-hidden boxSize="12px" borderRadius="full" flexShrink="0" bg={`${colour}.500`} />;
}

function ColourField({
  label,
  isLabelHidden = false,
  value,
  onChange,
}: {
  label: string;
  isLabelHidden?: boolean;
  value: TagColour;
  onChange(value: TagColour): void;
}) {
  return (
    <Stack as="label" gap="1.5" width={{ base: "6.75rem", sm: "8rem" }} flexShrink="0">
      <Text as="span" fontWeight="medium" srOnly={isLabelHidden}>
        {label}
      </Text>
      <NativeSelect.Root>
        <NativeSelect.Field
          value={value}
          onChange={(event) => onChange(tagColour.parse(event.target.value))}
        >
          {tagColour.options.map((colour) => (
            <option key={colour} value={colour}>
              {colour.charAt(0).toUpperCase() + colour.slice(1)}
            </option>
          ))}
        </NativeSelect.Field>
        <NativeSelect.Indicator />
      </NativeSelect.Root>
    </Stack>
  );
}
