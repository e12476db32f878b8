import { type ReactNode, useEffect, useRef } from "react";

export interface Suggestion {
  id: string;
  name: string;
  detail: string;
}

interface SuggestionListProps {
  id: string;
  label: string;
  items: readonly Suggestion[];
  activeAt: number;
  /** Said below the list, or in its place when it is empty. */
  note?: ReactNode;
  onHover(at: number): void;
  onChoose(at: number): void;
}

/** What the word at the caret may mean. The field keeps the focus and moves the mark. */
export function SuggestionList(props: SuggestionListProps) {
  const list = useRef<HTMLDivElement>(null);
  const { activeAt, items } = props;
  useEffect(() => {
    list.current?.children[activeAt]?.scrollIntoView({ block: "nearest" });
  }, [activeAt]);
  return (
    <div className="lc-pop">
      {items.length > 0 && (
        <div
          className="lc-options"
          ref={list}
          id={props.id}
          role="listbox"
          aria-label={props.label}
        >
          {items.map((item, at) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the field's own keys choose.
            <div
              key={item.id}
              id={`${props.id}-${at}`}
              role="option"
              aria-selected={at === activeAt}
              tabIndex={-1}
              onPointerMove={() => at !== activeAt && props.onHover(at)}
              // The field keeps the focus.
              onPointerDown={(event) => event.preventDefault()}
              onClick={() => props.onChoose(at)}
            >
              <b>{item.name}</b>
              <span dir="auto">{item.detail}</span>
            </div>
          ))}
        </div>
      )}
      {props.note && <p>{props.note}</p>}
    </div>
  );
}
