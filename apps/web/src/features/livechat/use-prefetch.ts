import { type RefObject, useEffect } from "react";
import { useInbox } from "../../realtime/use-inbox.tsx";

const restMs = 80;

/**
 * Loads a conversation ahead while a pointer or the keyboard's focus rests on its
 * row. It listens to the whole list, so that a row stays as cheap as it is.
 */
export function usePrefetch(list: RefObject<HTMLElement | null>): void {
  const { store } = useInbox();
  useEffect(() => {
    const element = list.current;
    if (!element) return;
    let restsOn: string | null = null;
    let timer: ReturnType<typeof setTimeout>;

    function rest(target: EventTarget | null): void {
      const row = target instanceof Element ? target.closest<HTMLElement>("[data-contact]") : null;
      const contactId = row?.dataset.contact ?? null;
      if (contactId === restsOn) return;
      restsOn = contactId;
      clearTimeout(timer);
      if (contactId) timer = setTimeout(() => void store.prefetchThread(contactId), restMs);
    }
    // A finger comes down to choose or to scroll: it rests on nothing.
    const onPointerOver = (event: PointerEvent) => {
      if (event.pointerType !== "touch") rest(event.target);
    };
    const onFocus = ({ target }: FocusEvent) => {
      if (target instanceof Element && target.matches(":focus-visible")) rest(target);
    };
    const onLeave = () => rest(null);

    element.addEventListener("pointerover", onPointerOver);
    element.addEventListener("pointerleave", onLeave);
    element.addEventListener("focusin", onFocus);
    element.addEventListener("focusout", onLeave);
    return () => {
      clearTimeout(timer);
      element.removeEventListener("pointerover", onPointerOver);
      element.removeEventListener("pointerleave", onLeave);
      element.removeEventListener("focusin", onFocus);
      element.removeEventListener("focusout", onLeave);
    };
  }, [store, list]);
}
