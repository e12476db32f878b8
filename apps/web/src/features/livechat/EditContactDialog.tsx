import {
  Button,
  CloseButton,
  Dialog,
  Field,
  Grid,
  Input,
  NativeSelect,
  Portal,
  Textarea,
} from "@chakra-ui/react";
import { zodResolver } from "@hookform/resolvers/zod";
import {
  type Contact,
  type ContactField,
  isTimeZone,
  parseCustomFieldValue,
  parseLanguage,
  type UpdateContactRequest,
} from "@livechat/shared";
import { useId, useMemo, useRef, useState } from "react";
import { useForm } from "react-hook-form";
import * as z from "zod";
import { ConfirmDialog } from "../../components/ConfirmDialog.tsx";
import { ModalRoot } from "../../components/ModalRoot.tsx";
import { Notice } from "../../components/Notice.tsx";
import { nameLanguage } from "../../components/name-language.ts";
import { explainFailure, useInbox, useInboxPart } from "../../realtime/use-inbox.tsx";

const timeZones = Intl.supportedValuesOf("timeZone");
const languages = ["en", "es", "fr", "de", "pt-BR", "it", "nl", "pl", "uk", "ar", "he", "zh", "ja"];

function buildForm(fields: readonly ContactField[]) {
  return z.object({
    name: z.string().trim().max(200, "A name has at most 200 characters."),
    email: z.union([z.literal(""), z.email("Enter a whole e-mail address.").max(320)]),
    company: z.string().trim().max(200, "A company has at most 200 characters."),
    timeZone: z
      .string()
      .trim()
      .refine((name) => name === "" || isTimeZone(name), "Choose one, such as America/New_York."),
    language: z
      .string()
      .trim()
      .refine((tag) => tag === "" || parseLanguage(tag) !== null, "Write a code, such as en."),
    about: z.string().trim().max(5000, "This has at most 5000 characters."),
    fields: z.record(z.string(), z.string()).superRefine((values, context) => {
      for (const field of fields) {
        const text = values[field.id]?.trim() ?? "";
        if (text === "") continue;
        const parsed = parseCustomFieldValue(field, text);
        if (parsed.ok) continue;
        const message = `${field.label} ${parsed.reason}.`;
        context.addIssue({ code: "custom", path: [field.id], message });
      }
    }),
  });
}

/** Changes what is known of a contact; asks before changes are thrown away. */
export function EditContactDialog({ contact, onClose }: { contact: Contact; onClose: () => void }) {
  const { store } = useInbox();
  const known = useInboxPart((snapshot) => snapshot.inbox?.contactFields);
  const fields = useMemo(
    () =>
      [...(known?.values() ?? [])]
        .filter((field) => field.archivedAt === null)
        .sort((a, b) => a.position - b.position),
    [known],
  );
  // What was there when the dialog opened: only what this person changed is sent.
  const first = useRef(contact).current;
  const [failure, setFailure] = useState<string | null>(null);
  const [isLeaving, setIsLeaving] = useState(false);
  const zonesId = useId();
  const languagesId = useId();
  const { register, handleSubmit, formState } = useForm({
    resolver: zodResolver(buildForm(fields)),
    defaultValues: {
      name: first.name ?? "",
      email: first.email ?? "",
      company: first.company ?? "",
      timeZone: first.timeZone ?? "",
      language: first.language ?? "",
      about: first.about ?? "",
      fields: Object.fromEntries(
        fields.map((field) => [field.id, String(first.customFields[field.id] ?? "")]),
      ),
    },
  });
  const { errors, isSubmitting, isDirty } = formState;
  const leave = () => (isDirty ? setIsLeaving(true) : onClose());

  const save = handleSubmit(async ({ fields: values, ...texts }) => {
    const changes: UpdateContactRequest = {};
    for (const key of ["name", "email", "company", "timeZone", "language", "about"] as const) {
      if (texts[key] !== (first[key] ?? "")) changes[key] = texts[key] || null;
    }
    const changed = Object.entries(values).filter(
      ([id, text]) => text.trim() !== String(first.customFields[id] ?? ""),
    );
    if (changed.length > 0) {
      changes.customFields = Object.fromEntries(
        changed.map(([id, text]) => [id, text.trim() || null]),
      );
    }
    try {
      if (Object.keys(changes).length > 0) {
        store.putContact(await store.api.updateContact(contact.id, changes));
      }
      onClose();
    } catch (error) {
      setFailure(explainFailure(error));
    }
  });

  return (
    <ModalRoot
      open
      onOpenChange={({ open }) => !open && leave()}
      placement="center"
      size="md"
      scrollBehavior="inside"
    >
      <Portal>
        <Dialog.Backdrop />
        <Dialog.Positioner>
          <Dialog.Content asChild>
            <form onSubmit={save} noValidate>
              <Dialog.Header>
                <Dialog.Title>Edit contact</Dialog.Title>
              </Dialog.Header>
              <Dialog.Body display="flex" flexDirection="column" gap="4">
                {failure && <Notice kind="error">{failure}</Notice>}
                <Field.Root invalid={Boolean(errors.name)}>
                  <Field.Label>Name</Field.Label>
                  <Input autoComplete="off" dir="auto" {...register("name")} />
                  <Field.ErrorText>{errors.name?.message}</Field.ErrorText>
                </Field.Root>
                <Grid templateColumns={{ base: "1fr", sm: "1fr 1fr" }} gap="4">
                  <Field.Root invalid={Boolean(errors.email)}>
                    <Field.Label>E-mail</Field.Label>
                    <Input type="email" autoComplete="off" {...register("email")} />
                    <Field.ErrorText>{errors.email?.message}</Field.ErrorText>
                  </Field.Root>
                  <Field.Root invalid={Boolean(errors.company)}>
                    <Field.Label>Company</Field.Label>
                    <Input autoComplete="off" dir="auto" {...register("company")} />
                    <Field.ErrorText>{errors.company?.message}</Field.ErrorText>
                  </Field.Root>
                  <Field.Root invalid={Boolean(errors.timeZone)}>
                    <Field.Label>Time zone</Field.Label>
                    <Input
                      autoComplete="off"
                      list={zonesId}
                      placeholder="Europe/Paris"
                      {...register("timeZone")}
                    />
                    <Field.ErrorText>{errors.timeZone?.message}</Field.ErrorText>
                  </Field.Root>
                  <Field.Root invalid={Boolean(errors.language)}>
                    <Field.Label>Language</Field.Label>
                    <Input
                      autoComplete="off"
                      list={languagesId}
                      placeholder="en"
                      {...register("language")}
                    />
                    <Field.ErrorText>{errors.language?.message}</Field.ErrorText>
                  </Field.Root>
                  {fields.map((field) => (
                    <CustomField
                      key={field.id}
                      field={field}
                      error={errors.fields?.[field.id]?.message}
                      input={register(`fields.${field.id}`)}
                    />
                  ))}
                </Grid>
                <Field.Root invalid={Boolean(errors.about)}>
                  <Field.Label>About</Field.Label>
                  <Textarea rows={3} dir="auto" {...register("about")} />
                  <Field.ErrorText>{errors.about?.message}</Field.ErrorText>
                </Field.Root>
                <datalist id={zonesId}>
                  {timeZones.map((zone) => (
                    <option key={zone} value={zone} />
                  ))}
                </datalist>
                <datalist id={languagesId}>
                  {languages.map((tag) => (
                    <option key={tag} value={tag} label={nameLanguage(tag)} />
                  ))}
                </datalist>
              </Dialog.Body>
              <Dialog.Footer>
                <Button variant="ghost" onClick={leave}>
                  Cancel
                </Button>
                <Button type="submit" colorPalette="accent" loading={isSubmitting}>
                  Save
                </Button>
              </Dialog.Footer>
              <Dialog.CloseTrigger asChild>
                <CloseButton size="sm" />
              </Dialog.CloseTrigger>
            </form>
          </Dialog.Content>
        </Dialog.Positioner>
      </Portal>
      <ConfirmDialog
        isOpen={isLeaving}
        title="Throw the changes away?"
        detail="What you changed of this contact is not saved."
        confirmLabel="Throw away"
        isBusy={false}
        onConfirm={onClose}
        onClose={() => setIsLeaving(false)}
      />
    </ModalRoot>
  );
}

function CustomField({
  field,
  error,
  input,
}: {
  field: ContactField;
  error: string | undefined;
  input: ReturnType<ReturnType<typeof useForm>["register"]>;
}) {
  return (
    <Field.Root invalid={error !== undefined}>
      <Field.Label>
        <bdi>{field.label}</bdi>
      </Field.Label>
      {field.kind === "choice" ? (
        <NativeSelect.Root>
          <NativeSelect.Field {...input}>
            <option value="">None</option>
            {field.choices.map((choice) => (
              <option key={choice}>{choice}</option>
            ))}
          </NativeSelect.Field>
          <NativeSelect.Indicator />
        </NativeSelect.Root>
      ) : (
        <Input
          autoComplete="off"
          dir="auto"
          type={field.kind === "date" ? "date" : "text"}
          inputMode={field.kind === "number" ? "decimal" : undefined}
          {...input}
        />
      )}
      <Field.ErrorText>{error}</Field.ErrorText>
    </Field.Root>
  );
}
