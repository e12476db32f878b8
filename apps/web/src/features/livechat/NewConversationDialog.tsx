import { Button, CloseButton, Dialog, Field, Input, Portal } from "@chakra-ui/react";
import { zodResolver } from "@hookform/resolvers/zod";
import { parsePhoneNumber } from "@livechat/shared";
import { useForm } from "react-hook-form";
import { useNavigate } from "react-router";
import * as z from "zod";
import { explainFailure, useInbox } from "../../realtime/use-inbox.tsx";

const form = z.object({
  phoneNumber: z
    .string()
    .refine(
      (typed) => parsePhoneNumber(typed) !== null,
      "Enter a whole phone number, with + and country code outside the US and Canada.",
    ),
  name: z.string().trim().max(200, "A name has at most 200 characters."),
});

/** Asks for a number and opens the conversation with it, a known one where it exists. */
export function NewConversationDialog({ onClose }: { onClose: () => void }) {
  const { store } = useInbox();
  const navigate = useNavigate();
  const { register, handleSubmit, setError, formState } = useForm({
    resolver: zodResolver(form),
    defaultValues: { phoneNumber: "", name: "" },
  });
  const { errors, isSubmitting } = formState;

  const begin = handleSubmit(async ({ phoneNumber, name }) => {
    try {
      const contact = await store.api.createContact({ phoneNumber, name: name || null });
      store.putContact(contact);
      onClose();
      await navigate(`/w/${store.workspaceId}/c/${contact.id}`);
    } catch (error) {
      const known = await findKnown(phoneNumber);
      if (known) {
        onClose();
        await navigate(`/w/${store.workspaceId}/c/${known}`);
        return;
      }
      setError("phoneNumber", { message: explainFailure(error) });
    }
  });

  async function findKnown(typed: string): Promise<string | null> {
    const phoneNumber = parsePhoneNumber(typed);
    if (!phoneNumber) return null;
    try {
      const page = await store.api.listContacts({ q: phoneNumber });
      const known = page.items.find((row) => row.phoneNumber === phoneNumber);
      if (known) store.putContact(known);
      return known?.id ?? null;
    } catch {
      return null;
    }
  }

  return (
    <Dialog.Root open onOpenChange={({ open }) => !open && onClose()} placement="center" size="sm">
      <Portal>
        <Dialog.Backdrop />
        <Dialog.Positioner>
          <Dialog.Content>
            <form onSubmit={begin} noValidate>
              <Dialog.Header>
                <Dialog.Title>New conversation</Dialog.Title>
              </Dialog.Header>
              <Dialog.Body display="flex" flexDirection="column" gap="4">
                <Field.Root invalid={Boolean(errors.phoneNumber)} required>
                  <Field.Label>Phone number</Field.Label>
                  <Input
                    type="tel"
                    autoComplete="off"
                    placeholder="(555) 123-4567"
                    {...register("phoneNumber")}
                  />
                  <Field.ErrorText>{errors.phoneNumber?.message}</Field.ErrorText>
                </Field.Root>
                <Field.Root invalid={Boolean(errors.name)}>
                  <Field.Label>Name (optional)</Field.Label>
                  <Input autoComplete="off" {...register("name")} />
                  <Field.ErrorText>{errors.name?.message}</Field.ErrorText>
                </Field.Root>
              </Dialog.Body>
              <Dialog.Footer>
                <Button variant="ghost" onClick={onClose}>
                  Cancel
                </Button>
                <Button type="submit" colorPalette="accent" loading={isSubmitting}>
                  Start
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
