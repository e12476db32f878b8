import { CloseButton, Dialog, Portal } from "@chakra-ui/react";
import { useEffect, useRef } from "react";
import { useSearchParams } from "react-router";
import { ModalRoot } from "../../components/ModalRoot.tsx";
import { mergeParams } from "../../components/merge-params.ts";
import { Duplicates } from "./Duplicates.tsx";
import { MergePicker } from "./MergePicker.tsx";
import { MergeReview } from "./MergeReview.tsx";

/** The dialog that the address asks for: who is to be merged, with whom, or who may be one person. */
export function MergeDialogs() {
  const [params, setParams] = useSearchParams();
  const content = useRef<HTMLDivElement>(null);
  const contactId = params.get(mergeParams.contact);
  const otherId = params.get(mergeParams.other);

  function show(next: { contact?: string; other?: string; duplicates?: boolean }) {
    setParams(
      (all) => {
        for (const name of Object.values(mergeParams)) all.delete(name);
        if (next.contact) all.set(mergeParams.contact, next.contact);
        if (next.other) all.set(mergeParams.other, next.other);
        if (next.duplicates) all.set(mergeParams.duplicates, "1");
        return all;
      },
      { replace: true },
    );
  }

  const close = () => show({});
  const step = contactId ? `${contactId} ${otherId ?? ""}` : "duplicates";
  const isPicking = contactId !== null && otherId === null;

  // The button that led to this step went with the step before.
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new step is when focus may be lost.
  useEffect(() => {
    if (content.current?.contains(document.activeElement) === false) {
      content.current.focus({ preventScroll: true });
    }
  }, [step]);

  // One dialog for all steps: the focus that a closing one gives back would close the one after it.
  return (
    <ModalRoot
      open
      onOpenChange={({ open }) => !open && close()}
      placement="center"
      size={isPicking ? "sm" : { base: "full", md: "lg" }}
      scrollBehavior="inside"
    >
      <Portal>
        <Dialog.Backdrop />
        <Dialog.Positioner padding={isPicking ? "4" : { base: "0", md: "4" }}>
          <Dialog.Content
            ref={content}
            borderRadius={isPicking ? "panel" : { base: "0", md: "panel" }}
            minHeight={isPicking ? undefined : { base: "100dvh", md: "0" }}
          >
            {contactId && otherId ? (
              <MergeReview
                key={step}
                contactId={contactId}
                otherId={otherId}
                onSwap={() => show({ contact: otherId, other: contactId })}
                onClose={close}
              />
            ) : contactId ? (
              <MergePicker
                contactId={contactId}
                onChoose={(other) => show({ contact: contactId, other })}
                onClose={close}
              />
            ) : (
              <Duplicates onReview={(contact, other) => show({ contact, other })} />
            )}
            <Dialog.CloseTrigger asChild>
              <CloseButton size="sm" />
            </Dialog.CloseTrigger>
          </Dialog.Content>
        </Dialog.Positioner>
      </Portal>
    </ModalRoot>
  );
}
