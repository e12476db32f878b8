import { useContext, useEffect, useRef, useState } from "react";
import { UNSAFE_NavigationContext as NavigationContext } from "react-router";
import { ConfirmDialog } from "./ConfirmDialog.tsx";
import { useHasUnsaved } from "./unsaved.ts";

/** The part of the browser's Navigation API that is used where there is one. */
interface NavigationApi extends EventTarget {
  traverseTo(key: string): unknown;
}
interface TraverseEvent extends Event {
  navigationType: string;
  destination: { key: string };
}

/**
 * Asks once before the page is left while a form below it has unsaved changes: by a
 * link, a command, Back, a reload or the window's end. Where a browser can't stop
 * Back, Back leaves.
 */
export function UnsavedGuard() {
  const isDirty = useHasUnsaved();
  const { navigator } = useContext(NavigationContext);
  const [leave, setLeave] = useState<(() => void) | null>(null);
  const isLeaving = useRef(false);

  useEffect(() => {
    if (!isDirty) return;
    isLeaving.current = false;
    const { push, replace } = navigator;
    const ask = (go: () => void) => {
      if (isLeaving.current) go();
      else setLeave(() => go);
    };
    navigator.push = (...args) => ask(() => push.apply(navigator, args));
    navigator.replace = (...args) => ask(() => replace.apply(navigator, args));
    const onUnload = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", onUnload);
    const history = (window as { navigation?: NavigationApi }).navigation;
    const onNavigate = (event: Event) => {
      const { navigationType, destination } = event as TraverseEvent;
      if (navigationType !== "traverse" || !event.cancelable || isLeaving.current) return;
      event.preventDefault();
      setLeave(() => () => history?.traverseTo(destination.key));
    };
    history?.addEventListener("navigate", onNavigate);
    return () => {
      navigator.push = push;
      navigator.replace = replace;
      window.removeEventListener("beforeunload", onUnload);
      history?.removeEventListener("navigate", onNavigate);
    };
  }, [isDirty, navigator]);

  return (
    <ConfirmDialog
      isOpen={leave !== null}
      title="Leave without saving?"
      detail="What you changed here is not saved yet."
      confirmLabel="Leave"
      cancelLabel="Keep editing"
      isBusy={false}
      onConfirm={() => {
        isLeaving.current = true;
        setLeave(null);
        leave?.();
      }}
      onClose={() => setLeave(null)}
    />
  );
}
