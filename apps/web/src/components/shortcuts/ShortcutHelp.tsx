import { CloseButton, Dialog, Portal } from "@chakra-ui/react";
import { usePreference } from "../../preferences/use-preference.ts";
import { ModalRoot } from "../ModalRoot.tsx";
import { SwitchField } from "../SwitchField.tsx";
import { ShortcutTable } from "./ShortcutTable.tsx";

/** All shortcuts in one dialog, and the switch for those of a single key. */
export function ShortcutHelp({ onClose }: { onClose: () => void }) {
  const [isOn, setIsOn] = usePreference("singleKeyShortcuts");
  return (
    <ModalRoot
      open
      onOpenChange={({ open }) => !open && onClose()}
      size="xl"
      placement="center"
      scrollBehavior="inside"
    >
      <Portal>
        <Dialog.Backdrop />
        <Dialog.Positioner>
          <Dialog.Content borderRadius={{ md: "panel" }}>
            <Dialog.Header>
              <Dialog.Title>Keyboard shortcuts</Dialog.Title>
            </Dialog.Header>
            <Dialog.Body display="grid" gap="5">
              <SwitchField
                label="Shortcuts of a single key"
                detail="Off, only combinations with ⌘ or Ctrl work: nothing that may type a character."
                isOn={isOn}
                onChange={setIsOn}
              />
              <ShortcutTable showsCharacterKeys={isOn} />
            </Dialog.Body>
            <Dialog.CloseTrigger asChild>
              <CloseButton size="sm" />
            </Dialog.CloseTrigger>
          </Dialog.Content>
        </Dialog.Positioner>
      </Portal>
    </ModalRoot>
  );
}
