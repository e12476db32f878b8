import { type PointerEvent, useRef } from "react";

const actsFromPx = 84;
const startsFromPx = 12;
const longPressMs = 500;

interface Gesture {
  row: HTMLElement;
  contactId: string;
  startX: number;
  startY: number;
  isSwiping: boolean;
  longPress: ReturnType<typeof setTimeout>;
}

interface RowGestures {
  /** Swiped towards the end of the line: done. */
  onSwipeAway(contactId: string): void;
  /** Swiped the other way: read or unread. */
  onSwipeBack(contactId: string): void;
  onLongPress(contactId: string, at: { x: number; y: number }): void;
}

/** Handlers for a list of rows that answer swipes and a long press of a finger. */
export function useRowGestures({ onSwipeAway, onSwipeBack, onLongPress }: RowGestures) {
  const gesture = useRef<Gesture | null>(null);
  const swallowsClick = useRef(false);

  function end(isDone: boolean, x: number) {
    const current = gesture.current;
    gesture.current = null;
    if (!current) return;
    clearTimeout(current.longPress);
    const { row } = current;
    row.style.transform = "";
    row.removeAttribute("data-swipe");
    if (!current.isSwiping) return;
    const moved = x - current.startX;
    if (!isDone || Math.abs(moved) < actsFromPx) return;
    const isAway = moved < 0 === (getComputedStyle(row).direction !== "rtl");
    if (isAway) onSwipeAway(current.contactId);
    else onSwipeBack(current.contactId);
  }

  return {
    onPointerDown(event: PointerEvent) {
      swallowsClick.current = false;
      if (event.pointerType !== "touch" || !event.isPrimary) return;
      const row = (event.target as HTMLElement).closest<HTMLElement>("[data-contact]");
      const contactId = row?.dataset.contact;
      if (!row || !contactId) return;
      const at = { x: event.clientX, y: event.clientY };
      gesture.current = {
        row,
        contactId,
        startX: at.x,
        startY: at.y,
        isSwiping: false,
        longPress: setTimeout(() => {
          end(false, at.x);
          swallowsClick.current = true;
          onLongPress(contactId, at);
        }, longPressMs),
      };
    },
    onPointerMove(event: PointerEvent) {
      const current = gesture.current;
      if (!current || !event.isPrimary) return;
      const [dx, dy] = [event.clientX - current.startX, event.clientY - current.startY];
      if (!current.isSwiping) {
        if (Math.abs(dy) > startsFromPx) return end(false, event.clientX);
        if (Math.abs(dx) < startsFromPx) return;
        clearTimeout(current.longPress);
        current.isSwiping = true;
        swallowsClick.current = true;
        current.row.setPointerCapture(event.pointerId);
      }
      current.row.style.transform = `translateX(${dx}px)`;
      current.row.setAttribute("data-swipe", Math.abs(dx) < actsFromPx ? "begun" : "acts");
    },
    onPointerUp: (event: PointerEvent) => end(true, event.clientX),
    onPointerCancel: (event: PointerEvent) => end(false, event.clientX),
    /** True right after a swipe or a long press, whose click opens nothing. */
    takesClick(): boolean {
      const takes = swallowsClick.current;
      swallowsClick.current = false;
      return takes;
    },
  };
}
