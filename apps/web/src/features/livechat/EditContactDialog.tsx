import { Button, CloseButton, Dialog, Field, Input, Portal } from "@chakra-ui/react";
import { zodResolver } from "@hookform/resolvers/zod";
import type { Contact } from "@livechat/shared";
import { useForm } from "react-hook-form";
import * as z from "zod";
import { explainFailure, useInbox } from "../../realtime/use-inbox.tsx";

const form = z.object({
  name: z.string().trim().max(200, "A name has at most 200 characters."),
  email: z.union([z.literal(""), z.email("Enter a whole e-mail address.").max(320)]),
});

/** Changes a contact's name and e-mail. */
export function EditContactDialog({ contact, onClose }: { contact: Contact; onClose: () => void }) {
  const { store } = useInbox();
  const { register, handleSubmit, setError, formState } = useForm({
    resolver: zodResolver(form),
    defaultValues: { name: contact.name ?? "", email: contact.email ?? "" },
  });
  const { errors, isSubmitting } = formState;

  const save = handleSubmit(async ({ name, email }) => {
    try {
      store.putContact(
        await store.api.updateContact(contact.id, { name: name || null, email: email || null }),
      );
      onClose();
    } catch (error) {
      setError("name", { message: explainFailure(error) });
    }
  });

  return (
    <Dialog.Root open onOpenChange={({ open }) => !open && onClose()} placement="center" size="sm">
      <Portal>
        <Dialog.Backdrop />
        <Dialog.Positioner>
          <Dialog.Content>
            <form onSubmit={save} noValidate>
              <Dialog.Header>
                <Dialog.Title>Edit contact</Dialog.Title>
              </Dialog.Header>
              <Dialog.Body display="flex" flexDirection="column" gap="4">
                <Field.Root invalid={Boolean(errors.name)}>
                  <Field.Label>Name</Field.Label>
                  <Input autoComplete="off" dir="auto" {...register("name")} />
                  <Field.ErrorText>{errors.name?.message}</Field.ErrorText>
                </Field.Root>
                <Field.Root invalid={Boolean(errors.email)}>
                  <Field.Label>E-mail</Field.Label>
                  <Input type="email" autoComplete="off" {...register("email")} />
                  <Field.ErrorText>{errors.email?.message}</Field.ErrorText>
                </Field.Root>
              </Dialog.Body>
              <Dialog.Footer>
                <Button variant="ghost" onClick={onClose}>
                  Cancel
                </Button>
                <Button type="submit" colorPalette="accent" loading={isSubmitting}>
                  Save
                </Button>
              </Dialog.Footer>
            </form>
            <Dialog.CloseTrigger asChild>
              <CloseButton size="sm" />
            </Dialog.CloseTrigger>
          </Dialog.Content>
        </Dialog.Positioner>
      </Portal>
    </Dialog.Root>
  );
}
