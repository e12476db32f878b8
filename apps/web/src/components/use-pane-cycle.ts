import { useEffect } from "react";

const focusable =
  'a[href], button:not([disabled]), input:not([disabled]), select:not([disabled]), textarea:not([disabled]), [tabindex]:not([tabindex="-1"])';

/**
 * F6 and Ctrl+F6 go on to the next pane of the page, with Shift to the one before.
 * A pane is an element with `data-pane`; where the focus was in it, it comes back.
 */
export function usePaneCycle(): void {
  useEffect(() => {
    const lastFocused = new WeakMap<Element, HTMLElement>();

    function onFocusIn({ target }: FocusEvent) {
      if (!(target instanceof HTMLElement)) return;
      const pane = target.closest("[data-pane]");
      if (pane) lastFocused.set(pane, target);
    }

    function onKeyDown(event: KeyboardEvent) {
      if (event.key !== "F6" || event.altKey || event.metaKey || event.defaultPrevented) return;
      // A dialog keeps the focus until it is closed.
      if (document.querySelector('[role="dialog"], [role="alertdialog"]')) return;
      const panes = [...document.querySelectorAll<HTMLElement>("[data-pane]")].filter(isShown);
      if (panes.length === 0) return;
      event.preventDefault();
      const at = panes.findIndex((pane) => pane.contains(document.activeElement));
      const step = event.shiftKey ? -1 : 1;
      const next = panes[(at === -1 && step === -1 ? 0 : at + step + panes.length) % panes.length];
      if (!next) return;
      const known = lastFocused.get(next);
      const target =
        known && next.contains(known) && isShown(known)
          ? known
          : ([...next.querySelectorAll<HTMLElement>(focusable)].find(isShown) ?? next);
      if (target === next && !next.hasAttribute("tabindex")) next.tabIndex = -1;
      target.focus();
    }

    document.addEventListener("focusin", onFocusIn);
    document.addEventListener("keydown", onKeyDown);
    return () => {
      document.removeEventListener("focusin", onFocusIn);
      document.removeEventListener("keydown", onKeyDown);
    };
  }, []);
}

function isShown(element: HTMLElement): boolean {
  return element.checkVisibility({ visibilityProperty: true });
}
