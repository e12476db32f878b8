import { Dialog, Portal } from "@chakra-ui/react";
import type { Contact } from "@livechat/shared";
import type { ReactNode } from "react";
import { ModalRoot } from "../../components/ModalRoot.tsx";
import { nameContact } from "../../components/name-contact.ts";

/** What every picker is given. */
export interface PickerProps {
  contacts: readonly Contact[];
  onClose(): void;
}

/** A small window that asks for one thing; what it is for has the focus at once. */
export function PickerDialog({
  title,
  onClose,
  children,
}: {
  title: ReactNode;
  onClose(): void;
  children: ReactNode;
}) {
  return (
    <ModalRoot
      open
      onOpenChange={({ open }) => !open && onClose()}
      placement="center"
      size="xs"
      initialFocusEl={() =>
        document.querySelector<HTMLElement>(
          ".lc-picker input[role=combobox], .lc-picker [role=listbox]",
        )
      }
    >
      <Portal>
        <Dialog.Backdrop />
        <Dialog.Positioner padding="4">
          <Dialog.Content className="lc-picker" borderRadius="panel">
            <Dialog.Header paddingBottom="2">
              <Dialog.Title fontSize="md">{title}</Dialog.Title>
            </Dialog.Header>
            <Dialog.Body display="grid" gap="3" paddingBottom="4">
              {children}
            </Dialog.Body>
          </Dialog.Content>
        </Dialog.Positioner>
      </Portal>
    </ModalRoot>
  );
}

/** The one contact's name, or how many they are. */
export function Names({ contacts }: { contacts: readonly Contact[] }) {
  const [first] = contacts;
  if (contacts.length === 1 && first) return <bdi>{nameContact(first)}</bdi>;
  return `${contacts.length} conversations`;
}
