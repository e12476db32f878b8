import { Link, useLocation } from "react-router";
import { FilterChips } from "./FilterChips.tsx";
import { FilterMenu } from "./FilterMenu.tsx";
import {
  countFilters,
  type SearchPart,
  searchParts,
  useContactFilter,
} from "./use-contact-filter.ts";

const partNames: Record<SearchPart, string> = {
  all: "All",
  messages: "Messages",
  notes: "Notes",
  contacts: "Contacts",
};

/** What the search looks at, and what narrows it. */
export function SearchBar({ words }: { words: string }) {
  const { filter, searched, linkTo } = useContactFilter();
  const { pathname } = useLocation();
  const isFiltered = countFilters({ filter, searched: { ...searched, words } }) > 0;
  return (
    <div className="lc-views lc-search-bar">
      <div className="lc-views-row">
        <ul aria-label="Search in">
          {searchParts.map((part) => (
            <li key={part}>
              <Link
                className="lc-view"
                replace
                to={`${pathname}${linkTo({ words, part })}`}
                aria-current={searched.part === part ? "true" : undefined}
              >
                {partNames[part]}
              </Link>
            </li>
          ))}
        </ul>
        <FilterMenu words={words} />
      </div>
      {isFiltered && <FilterChips words={words} />}
    </div>
  );
}
