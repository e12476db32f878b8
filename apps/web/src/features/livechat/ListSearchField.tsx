import type { KeyboardEvent } from "react";
import { LuSearch, LuX } from "react-icons/lu";

interface ListSearchFieldProps {
  value: string;
  onChange(value: string): void;
}

/** The field above the list; the arrow down leads from it into what is found, or into the list. */
export function ListSearchField({ value, onChange }: ListSearchFieldProps) {
  function onKeyDown(event: KeyboardEvent) {
    if (event.key === "Escape" && value !== "") onChange("");
    else if (event.key === "ArrowDown") {
      const inList = value.trim() === "" ? ".lc-row[tabindex='0']" : "#lc-results section a";
      document.querySelector<HTMLElement>(inList)?.focus();
    } else return;
    event.preventDefault();
  }

  return (
    <label className="lc-search">
      <LuSearch aria-hidden="true" />
      <span className="lc-hidden">Search conversations</span>
      <input
        id="lc-search"
        type="search"
        placeholder="Search names and messages"
        autoComplete="off"
        value={value}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={onKeyDown}
      />
      {value !== "" && (
        <button type="button" aria-label="Clear search" onClick={() => onChange("")}>
          <LuX />
        </button>
      )}
    </label>
  );
}
