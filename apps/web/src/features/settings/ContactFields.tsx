import { Button, Field, Flex, Input, NativeSelect, Stack, Text } from "@chakra-ui/react";
import {
  type ContactField,
  type ContactFieldKind,
  contactField,
  contactFieldKind,
} from "@livechat/shared";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useMemo, useState } from "react";
import { apiRequest } from "../../api/client.ts";
import { Notice } from "../../components/Notice.tsx";
import { TextField } from "../../components/TextField.tsx";
import { useUnsaved } from "../../components/unsaved.ts";
import { explainFailure, useInboxPart } from "../../realtime/use-inbox.tsx";
import { useWorkspace } from "../../session/use-session.ts";
import { SettingsSection } from "./SettingsSection.tsx";

const kindNames: Record<ContactFieldKind, string> = {
  text: "Text",
  number: "Number",
  date: "Date",
  choice: "Choice",
};

/** The fields that this workspace keeps of every contact beside the usual ones; agents only read them. */
export function ContactFields() {
  const workspace = useWorkspace();
  const known = useInboxPart((snapshot) => snapshot.inbox?.contactFields);
  const mayManage = workspace.role !== "agent";
  const path = `/api/workspaces/${workspace.id}/contact-fields`;
  const fields = useMemo(
    () => [...(known?.values() ?? [])].sort((a, b) => a.position - b.position),
    [known],
  );
  const change = useMutation({
    mutationFn: ({ id, ...body }: { id: string; label?: string; isArchived?: boolean }) =>
      apiRequest({ method: "PATCH", path: `${path}/${id}`, body, response: contactField }),
  });
  const shown = fields.filter(({ archivedAt }) => archivedAt === null);
  const archived = fields.filter(({ archivedAt }) => archivedAt !== null);
  return (
    <>
      <SettingsSection
        title="Contact fields"
        detail="What you keep of every contact beside name, number, e-mail and company."
      >
        {change.isError && <Notice kind="error">{explainFailure(change.error)}</Notice>}
        {shown.length === 0 && <Text color="fg.muted">There are none yet.</Text>}
        {shown.map((field) => (
          <FieldRow
            key={`${field.id} ${field.label}`}
            field={field}
            mayManage={mayManage}
            isBusy={change.isPending}
            onRename={(label) => change.mutate({ id: field.id, label })}
            onArchive={() => change.mutate({ id: field.id, isArchived: true })}
          />
        ))}
        {mayManage && <AddField path={path} />}
      </SettingsSection>
      {archived.length > 0 && (
        <SettingsSection title="Archived" detail="No longer shown. Contacts keep their values.">
          {archived.map((field) => (
            <Flex key={field.id} align="center" justify="space-between" gap="3">
              <Text truncate dir="auto">
                {field.label}{" "}
                <Text as="span" color="fg.muted">
                  · {kindNames[field.kind]}
                </Text>
              </Text>
              {mayManage && (
                <Button
                  variant="outline"
                  size="sm"
                  disabled={change.isPending}
                  onClick={() => change.mutate({ id: field.id, isArchived: false })}
                >
                  Restore
                </Button>
              )}
            </Flex>
          ))}
        </SettingsSection>
      )}
    </>
  );
}

function FieldRow({
  field,
  mayManage,
  isBusy,
  onRename,
  onArchive,
}: {
  field: ContactField;
  mayManage: boolean;
  isBusy: boolean;
  onRename(label: string): void;
  onArchive(): void;
}) {
  const [label, setLabel] = useState(field.label);
  const isChanged = label.trim() !== "" && label.trim() !== field.label;
  useUnsaved(isChanged);
  const detail =
    field.kind === "choice" ? `Choice: ${field.choices.join(", ")}` : kindNames[field.kind];
  if (!mayManage) {
    return (
      <Text dir="auto">
        {field.label}{" "}
        <Text as="span" color="fg.muted">
          · {detail}
        </Text>
      </Text>
    );
  }
  return (
    <Flex
      as="form"
      gap="3"
      align="center"
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        if (isChanged) onRename(label.trim());
      }}
    >
      <Stack gap="0.5" flex="1" minWidth="0">
        <Input
          aria-label={`Name of the field ${field.label}`}
          dir="auto"
          maxLength={60}
          value={label}
          onChange={(event) => setLabel(event.target.value)}
        />
        <Text color="fg.muted" fontSize="sm" truncate>
          {detail}
        </Text>
      </Stack>
      {isChanged ? (
        <Button type="submit" colorPalette="accent" size="sm" disabled={isBusy}>
          Save
        </Button>
      ) : (
        <Button
          variant="outline"
          size="sm"
          disabled={isBusy}
          aria-label={`Archive ${field.label}`}
          onClick={onArchive}
        >
          Archive
        </Button>
      )}
    </Flex>
  );
}

function AddField({ path }: { path: string }) {
  const [label, setLabel] = useState("");
  const [kind, setKind] = useState<ContactFieldKind>("text");
  const [choices, setChoices] = useState("");
  const listed = [...new Set(choices.split(",").map((each) => each.trim()))].filter(Boolean);
  const isReady = label.trim() !== "" && (kind !== "choice" || listed.length > 0);
  const add = useMutation({
    mutationFn: () =>
      apiRequest({
        method: "POST",
        path,
        body: { label: label.trim(), kind, ...(kind === "choice" ? { choices: listed } : {}) },
        response: contactField,
      }),
    onSuccess: () => {
      setLabel("");
      setChoices("");
    },
  });
  return (
    <Stack
      as="form"
      gap="3"
      borderTopWidth="1px"
      borderColor="hairline"
      paddingTop="4"
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        if (isReady) add.mutate();
      }}
    >
      <Flex gap="3" align="flex-end" direction={{ base: "column", sm: "row" }}>
        <TextField
          label="New field"
          placeholder="Plan"
          maxLength={60}
          value={label}
          onChange={(event) => setLabel(event.target.value)}
        />
        <Field.Root width={{ sm: "10rem" }}>
          <Field.Label>Kind</Field.Label>
          <NativeSelect.Root>
            <NativeSelect.Field
              value={kind}
              onChange={(event) => setKind(contactFieldKind.parse(event.target.value))}
            >
              {contactFieldKind.options.map((each) => (
                <option key={each} value={each}>
                  {kindNames[each]}
                </option>
              ))}
            </NativeSelect.Field>
            <NativeSelect.Indicator />
          </NativeSelect.Root>
        </Field.Root>
        <Button type="submit" colorPalette="accent" loading={add.isPending} disabled={!isReady}>
          Add
        </Button>
      </Flex>
      {kind === "choice" && (
        <TextField
          label="Choices, with commas between"
          placeholder="Gold, Silver, Bronze"
          value={choices}
          onChange={(event) => setChoices(event.target.value)}
        />
      )}
      {add.isError && <Notice kind="error">{explainFailure(add.error)}</Notice>}
    </Stack>
  );
}
