import { Button, Dialog, Portal } from "@chakra-ui/react";
import { type ReactNode, useRef } from "react";
import { ModalRoot } from "./ModalRoot.tsx";
import { Notice } from "./Notice.tsx";

interface ConfirmDialogProps {
  isOpen: boolean;
  title: ReactNode;
  detail: string;
  confirmLabel: string;
  cancelLabel?: string;
  isBusy: boolean;
  error?: string | undefined;
  onConfirm: () => void;
  onClose: () => void;
}

/** Asks before something that cannot be taken back; the safe button has the focus. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const cancel = useRef<HTMLButtonElement>(null);
  return (
    <ModalRoot
      role="alertdialog"
      placement="center"
      open={props.isOpen}
      onOpenChange={({ open }) => !open && props.onClose()}
      initialFocusEl={() => cancel.current}
    >
      <Portal>
        <Dialog.Backdrop />
        <Dialog.Positioner padding="4">
          <Dialog.Content maxWidth="24rem" borderRadius="panel">
            <Dialog.Header>
              <Dialog.Title>{props.title}</Dialog.Title>
            </Dialog.Header>
            <Dialog.Body display="grid" gap="3" color="fg.muted">
              {props.detail}
              {props.error && <Notice kind="error">{props.error}</Notice>}
            </Dialog.Body>
            <Dialog.Footer>
              <Button ref={cancel} variant="outline" onClick={props.onClose}>
                {props.cancelLabel ?? "Cancel"}
              </Button>
              <Button colorPalette="red" loading={props.isBusy} onClick={props.onConfirm}>
                {props.confirmLabel}
              </Button>
            </Dialog.Footer>
          </Dialog.Content>
        </Dialog.Positioner>
      </Portal>
    </ModalRoot>
  );
}
