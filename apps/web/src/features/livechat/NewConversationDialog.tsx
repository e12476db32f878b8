import { Button, CloseButton, Dialog, Field, Input, NativeSelect, Portal } from "@chakra-ui/react";
import { zodResolver } from "@hookform/resolvers/zod";
import { parsePhoneNumber, type Sender } from "@livechat/shared";
import { useQuery } from "@tanstack/react-query";
import { useForm } from "react-hook-form";
import { useNavigate } from "react-router";
import * as z from "zod";
import { ModalRoot } from "../../components/ModalRoot.tsx";
import { showAddress } from "../../components/show-address.ts";
import { explainFailure, useInbox } from "../../realtime/use-inbox.tsx";

const form = z.object({
  phoneNumber: z
    .string()
    .refine(
      (typed) => parsePhoneNumber(typed) !== null,
      "Enter a whole phone number, with + and country code outside the US and Canada.",
    ),
  name: z.string().trim().max(200, "A name has at most 200 characters."),
  sender: z.string(),
});

/** Asks for a number and opens the conversation with it, a known one where it exists. */
export function NewConversationDialog({
  known,
  onClose,
}: {
  /** What is known of the person already. */
  known?: { phoneNumber: string; name: string };
  onClose: () => void;
}) {
  const { store } = useInbox();
  const navigate = useNavigate();
  const { register, handleSubmit, setError, formState } = useForm({
    resolver: zodResolver(form),
    defaultValues: { phoneNumber: "", name: "", ...known, sender: "" },
  });
  const { errors, isSubmitting } = formState;
  const senders = useQuery({
    queryKey: ["senders", store.workspaceId],
    queryFn: () => store.api.listSenders(),
  }).data?.items;

  const begin = handleSubmit(async ({ phoneNumber, name, sender }) => {
    try {
      const contact = await store.api.createContact({
        phoneNumber,
        name: name || null,
        preferredSender: sender || null,
      });
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
    <ModalRoot open onOpenChange={({ open }) => !open && onClose()} placement="center" size="sm">
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
                {senders && senders.length > 1 && (
                  <Field.Root>
                    <Field.Label>Send from</Field.Label>
                    <NativeSelect.Root>
                      <NativeSelect.Field {...register("sender")}>
                        {/* Empty, so that a default that changes later counts here too. */}
                        <option value="">
                          {nameSender(senders.find(({ isDefault }) => isDefault) ?? senders[0])}{" "}
                          (default)
                        </option>
                        {senders
                          .filter(({ isDefault }) => !isDefault)
                          .map((sender) => (
                            <option key={sender.address} value={sender.address}>
                              {nameSender(sender)}
                            </option>
                          ))}
                      </NativeSelect.Field>
                      <NativeSelect.Indicator />
                    </NativeSelect.Root>
                    <Field.HelperText>
                      Once they write, answers leave from the number they wrote to.
                    </Field.HelperText>
                  </Field.Root>
                )}
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
    </ModalRoot>
  );
}

/** A sender in one line: its name, and the number where that says more. */
function nameSender(sender: Pick<Sender, "address" | "label"> | undefined): string {
  if (!sender) return "";
  const address = sender.address.startsWith("MG") ? "service" : showAddress(sender.address);
  return sender.label === address || sender.label === sender.address
    ? address
    : `${sender.label} · ${address}`;
}
