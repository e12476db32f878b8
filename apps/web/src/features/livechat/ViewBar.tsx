import { type ContactView, countKey } from "@livechat/shared";
import { LuChevronDown } from "react-icons/lu";
import { Link } from "react-router";
import { AfterFirstPaint } from "../../components/AfterFirstPaint.tsx";
import { late } from "../../components/late.tsx";
import { defaultFilter, isNarrowed } from "../../realtime/contact-filter.ts";
import { useInboxPart } from "../../realtime/use-inbox.tsx";
import { useMe, useWorkspace } from "../../session/use-session.ts";
import { useContactFilter } from "./use-contact-filter.ts";
import { ViewCount } from "./ViewCount.tsx";
import { viewNames } from "./view-names.ts";

const ViewMenu = late(async () => (await import("./ViewMenu.tsx")).ViewMenu);

const FilterMenu = late(async () => (await import("./FilterMenu.tsx")).FilterMenu);
const FilterChips = late(async () => (await import("./FilterChips.tsx")).FilterChips);
const SavedViews = late(async () => (await import("./SavedViews.tsx")).SavedViews);

const shownFirst = ["open", "mine", "unassigned"] as const;

/** The parts of the inbox with how much is in each, the saved ones, and what narrows them. */
export function ViewBar() {
  const { filter, showsMentions, linkTo } = useContactFilter();
  const workspace = useWorkspace();
  const me = useMe();
  const counts = useInboxPart((snapshot) => snapshot.inbox?.counts);
  const current = showsMentions ? "mentions" : filter.view;
  const countOf = (view: ContactView | "mentions") => counts?.[countKey(view, me.userId)] ?? 0;
  const isFiltered = filter.sort !== defaultFilter.sort || isNarrowed(filter);
  const base = `/w/${workspace.id}`;

  const more = (
    <span className="lc-view" aria-hidden="true">
      More <LuChevronDown />
    </span>
  );

  return (
    <div className="lc-views">
      <div className="lc-views-row">
        <ul aria-label="Views">
          {shownFirst.map((view) => (
            <li key={view}>
              <Link
                className="lc-view"
                to={`${base}${linkTo({ view })}`}
                aria-current={current === view ? "true" : undefined}
              >
                {viewNames[view]}
                <ViewCount of={countOf(view)} />
              </Link>
            </li>
          ))}
          <li>
            <AfterFirstPaint fallback={more}>{counts ? <ViewMenu /> : more}</AfterFirstPaint>
          </li>
        </ul>
        <AfterFirstPaint>{counts && <FilterMenu />}</AfterFirstPaint>
      </div>
      <AfterFirstPaint>
        {counts && <SavedViews />}
        {!showsMentions && isFiltered && <FilterChips />}
      </AfterFirstPaint>
    </div>
  );
}
