import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from "react";
import { readPreferences } from "../../preferences/preferences.ts";

const maxHeightPx = 174;

/** A text field that is as high as its text, up to eight lines, and whose caret can be put. */
export function useGrowingField(text: string): {
  field: RefObject<HTMLTextAreaElement | null>;
  caret: number;
  /** The person moved the caret. */
  noteCaret(at: number): void;
  /** Puts the caret there once the text that is set now stands in the field. */
  putCaret(at: number): void;
  focus(): void;
} {
  const field = useRef<HTMLTextAreaElement>(null);
  const nextCaret = useRef<number | null>(null);
  const [caret, setCaret] = useState(text.length);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the field's height follows its text.
  useLayoutEffect(() => {
    const area = field.current;
    if (!area) return;
    fitHeight(area);
    if (nextCaret.current === null) return;
    area.setSelectionRange(nextCaret.current, nextCaret.current);
    setCaret(nextCaret.current);
    nextCaret.current = null;
  }, [text]);

  // Another width breaks the text into other lines; the first one may be that of a page that is not styled yet.
  useEffect(() => {
    const area = field.current;
    if (!area) return;
    let width = area.clientWidth;
    const watch = new ResizeObserver(() => {
      if (area.clientWidth === width) return;
      width = area.clientWidth;
      fitHeight(area);
    });
    watch.observe(area);
    return () => watch.disconnect();
  }, []);

  useEffect(() => {
    // A soft keyboard that opens by itself would hide the conversation.
    if (!readPreferences().writesOnOpen || !window.matchMedia("(pointer: fine)").matches) return;
    field.current?.focus({ preventScroll: true });
  }, []);

  return {
    field,
    caret,
    noteCaret: setCaret,
    putCaret(at) {
      nextCaret.current = at;
    },
    focus: () => field.current?.focus({ preventScroll: true }),
  };
}

function fitHeight(area: HTMLTextAreaElement): void {
  area.style.height = "auto";
  area.style.height = `${Math.min(area.scrollHeight, maxHeightPx)}px`;
}
