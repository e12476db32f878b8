import { Drawer, Portal } from "@chakra-ui/react";
import type { Contact } from "@livechat/shared";
import { useState } from "react";
import { ErrorBoundary } from "../../components/ErrorBoundary.tsx";
import { ContactDetails } from "./ContactDetails.tsx";

/** The contact's details over the page, where there is no room beside it. */
export function DetailsDrawer({ contact, onClose }: { contact: Contact; onClose(): void }) {
  const [isOpen, setIsOpen] = useState(true);
  return (
    <Drawer.Root
      open={isOpen}
      onOpenChange={({ open }) => setIsOpen(open)}
      onExitComplete={onClose}
      size="xs"
    >
      <Portal>
        <Drawer.Backdrop />
        <Drawer.Positioner>
          <Drawer.Content aria-label="Contact details">
            <ErrorBoundary part="The details" resetKey={contact.id}>
              <ContactDetails contact={contact} onClose={() => setIsOpen(false)} />
            </ErrorBoundary>
          </Drawer.Content>
        </Drawer.Positioner>
      </Portal>
    </Drawer.Root>
  );
}
