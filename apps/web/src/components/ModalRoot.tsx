import { Dialog } from "@chakra-ui/react";

/**
 * A dialog over the page, which only its own buttons, Escape and a click beside it close: not the
 * focus that the dialog before it gives back, nor a field of the page behind that takes it.
 */
export function ModalRoot(props: Dialog.RootProps) {
  return <Dialog.Root onFocusOutside={(event) => event.preventDefault()} {...props} />;
}
