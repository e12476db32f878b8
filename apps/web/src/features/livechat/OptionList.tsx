import { Input } from "@chakra-ui/react";
import { type KeyboardEvent, type ReactNode, useId, useRef, useState } from "react";
import { LuCheck } from "react-icons/lu";

/** One thing to choose. */
export interface PickerOption {
  key: string;
  icon: ReactNode;
  label: string;
  hint?: string;
  tone?: "online" | "away" | undefined;
  isChosen?: boolean;
  onChoose(): void;
}

/** A list to choose from by typing a part of the name, arrows and Enter, or a click. */
export function OptionList({
  label,
  options,
  placeholder,
  isMultiple = false,
}: {
  label: string;
  options: readonly PickerOption[];
  /** With it there is a field to filter by. */
  placeholder?: string;
  isMultiple?: boolean;
}) {
  const [query, setQuery] = useState("");
  const [at, setAt] = useState(0);
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const words = query.trim().toLocaleLowerCase();
  const shown = options.filter((option) => option.label.toLocaleLowerCase().includes(words));
  const active = shown[Math.min(at, shown.length - 1)];

  function onKeyDown(event: KeyboardEvent) {
    if (event.nativeEvent.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
    const steps = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (steps) {
      event.preventDefault();
      const next = Math.max(0, Math.min(shown.length - 1, at + steps));
      setAt(next);
      list.current?.children[next]?.scrollIntoView({ block: "nearest" });
    } else if (event.key === "Enter" || (event.key === " " && placeholder === undefined)) {
      event.preventDefault();
      active?.onChoose();
    }
  }

  const combobox = {
    "aria-controls": `${id}-list`,
    "aria-activedescendant": active ? `${id}-${active.key}` : undefined,
    onKeyDown,
  };
  return (
    <>
      {placeholder && (
        <Input
          role="combobox"
          aria-expanded="true"
          aria-autocomplete="list"
          aria-label={label}
          placeholder={placeholder}
          value={query}
          onChange={(event) => {
            setQuery(event.target.value);
            setAt(0);
          }}
          {...combobox}
        />
      )}
      <div
        ref={list}
        className="lc-picker-list"
        id={`${id}-list`}
        role="listbox"
        aria-label={label}
        aria-multiselectable={isMultiple || undefined}
        tabIndex={placeholder ? -1 : 0}
        {...(placeholder ? {} : combobox)}
      >
        {shown.map((option, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: keys are answered by the field or the list that has the focus.
          <div
            key={option.key}
            id={`${id}-${option.key}`}
            className="lc-picker-option"
            role="option"
            tabIndex={-1}
            aria-selected={option.isChosen ?? false}
            data-active={option === active || undefined}
            onPointerMove={() => setAt(index)}
            onClick={option.onChoose}
          >
            {option.icon}
            <span dir="auto">{option.label}</span>
            {option.hint && (
              <small data-tone={option.tone}>
                {option.tone && <i aria-hidden="true" />}
                {option.hint}
              </small>
            )}
            {option.isChosen && <LuCheck aria-hidden="true" />}
          </div>
        ))}
        {shown.length === 0 && <p className="lc-picker-note">Nothing has this name.</p>}
      </div>
    </>
  );
}
