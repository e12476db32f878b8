import { CloseButton, Dialog, Portal } from "@chakra-ui/react";

/** A picture as large as the window allows; Escape, the button or a click beside it closes it. */
export default function Lightbox({
  url,
  label,
  onClose,
}: {
  url: string;
  label: string;
  onClose: () => void;
}) {
  return (
    <Dialog.Root
      open
      onOpenChange={({ open }) => !open && onClose()}
      placement="center"
      size="full"
    >
      <Portal>
        <Dialog.Backdrop bg="blackAlpha.800" />
        <Dialog.Positioner>
          <Dialog.Content
            bg="transparent"
            boxShadow="none"
            aria-label={label}
            alignItems="center"
            justifyContent="center"
            onClick={onClose}
          >
            <img
              src={url}
              alt={label}
              className="lc-lightbox"
              onClick={(event) => event.stopPropagation()}
              onKeyDown={undefined}
            />
            <Dialog.CloseTrigger asChild>
              <CloseButton
                size="md"
                color="white"
                bg="blackAlpha.700"
                _hover={{ bg: "blackAlpha.800" }}
                rounded="full"
              />
            </Dialog.CloseTrigger>
          </Dialog.Content>
        </Dialog.Positioner>
      </Portal>
    </Dialog.Root>
  );
}
