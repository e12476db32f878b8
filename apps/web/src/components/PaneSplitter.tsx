import { chakra } from "@chakra-ui/react";
import { type KeyboardEvent, type PointerEvent, useRef } from "react";
import type { Pane } from "./use-pane.ts";

interface PaneSplitterProps {
  label: string;
  pane: Pane;
  /** The id of the pane's element. */
  controls: string;
  /** The selector of the button that shows the pane again. Without it nothing is folded away. */
  toggle: string;
  /** Which edge of its pane it is. */
  edge: "start" | "end";
}

const stepPx = 16;

/**
 * The line between two panes. It is dragged, or moved with the arrow keys (Home
 * and End for the limits, Enter to fold the pane away); a double click brings the
 * usual width back.
 */
export function PaneSplitter({ label, pane, controls, toggle, edge }: PaneSplitterProps) {
  const drag = useRef<{ fromX: number; widthPx: number } | null>(null);
  const { minPx, maxPx, usualPx } = pane.limits;

  /** How far the pane grows when the line moves to the right. */
  function growth(element: Element): 1 | -1 {
    const isRtl = getComputedStyle(element).direction === "rtl";
    return (edge === "end") !== isRtl ? 1 : -1;
  }

  function onPointerMove(event: PointerEvent<HTMLDivElement>) {
    if (!drag.current) return;
    const movedPx = (event.clientX - drag.current.fromX) * growth(event.currentTarget);
    pane.setWidth(drag.current.widthPx + movedPx);
  }

  /** The splitter goes with its pane: the focus goes on to what brings both back. */
  function fold() {
    const button = document.querySelector<HTMLElement>(toggle);
    if (!button) return;
    button.focus();
    pane.setCollapsed(true);
  }

  function onKeyDown(event: KeyboardEvent<HTMLDivElement>) {
    const step = (event.shiftKey ? stepPx * 4 : stepPx) * growth(event.currentTarget);
    switch (event.key) {
      case "ArrowLeft":
        pane.setWidth(pane.widthPx - step);
        break;
      case "ArrowRight":
        pane.setWidth(pane.widthPx + step);
        break;
      case "Home":
        pane.setWidth(minPx);
        break;
      case "End":
        pane.setWidth(maxPx);
        break;
      case "Enter":
        fold();
        break;
      default:
        return;
    }
    event.preventDefault();
  }

  return (
    <Line
      role="separator"
      aria-orientation="vertical"
      aria-label={label}
      aria-controls={controls}
      aria-valuemin={minPx}
      aria-valuemax={maxPx}
      aria-valuenow={pane.widthPx}
      tabIndex={0}
      data-edge={edge}
      title="Drag, or use the arrow keys"
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        drag.current = { fromX: event.clientX, widthPx: pane.widthPx };
      }}
      onPointerMove={onPointerMove}
      onPointerUp={() => {
        drag.current = null;
      }}
      onPointerCancel={() => {
        drag.current = null;
      }}
      onDoubleClick={() => pane.setWidth(usualPx)}
      onKeyDown={onKeyDown}
    />
  );
}

/** Takes no room in the row of panes: it lies over their common edge. */
const Line = chakra("div", {
  base: {
    position: "relative",
    zIndex: "docked",
    flex: "none",
    width: "9px",
    marginInline: "-5px -4px",
    cursor: "col-resize",
    touchAction: "none",
    "&:focus-visible": { outline: "none" },
    _after: {
      content: '""',
      position: "absolute",
      insetBlock: "0",
      insetInlineStart: "4px",
      width: "1px",
      bg: "transparent",
      transition: "background-color 120ms",
    },
    "&:hover::after": { bg: "border.emphasized" },
    "&:is(:focus-visible, :active)::after": {
      width: "3px",
      insetInlineStart: "3px",
      bg: "accent.focusRing",
    },
    "@media (forced-colors: active)": {
      "&:focus-visible::after": { bg: "Highlight" },
    },
    hideBelow: "md",
  },
});
