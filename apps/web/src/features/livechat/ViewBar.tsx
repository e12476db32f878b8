import { type ContactView, countKey } from "@livechat/shared";
import { lazy } from "react";
import { LuArrowDownWideNarrow, LuChevronDown, LuTag, LuX } from "react-icons/lu";
import { Link } from "react-router";
import { AfterFirstPaint } from "../../components/AfterFirstPaint.tsx";
import { useInboxPart } from "../../realtime/use-inbox.tsx";
import { useMe, useWorkspace } from "../../session/use-session.ts";
import { useContactFilter } from "./use-contact-filter.ts";
import { ViewCount } from "./ViewCount.tsx";
import { viewNames } from "./view-names.ts";

const ViewMenu = lazy(async () => ({ default: (await import("./ViewMenu.tsx")).ViewMenu }));

const shownFirst = ["open", "mine", "unassigned"] as const;

/** The parts of the inbox with how much is in each, the order, and the tag to look at alone. */
export function ViewBar() {
  const { filter, showsMentions, linkTo } = useContactFilter();
  const workspace = useWorkspace();
  const me = useMe();
  const counts = useInboxPart((snapshot) => snapshot.inbox?.counts);
  const tags = useInboxPart((snapshot) => snapshot.inbox?.tags);
  const current = showsMentions ? "mentions" : filter.view;
  const countOf = (view: ContactView | "mentions") => counts?.[countKey(view, me.userId)] ?? 0;
  const tag = filter.tagId ? tags?.get(filter.tagId) : undefined;
  const base = `/w/${workspace.id}`;

  const more = (
    <span className="lc-view" aria-hidden="true">
      More <LuChevronDown />
    </span>
  );

  return (
    <div className="lc-views">
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
      {(filter.sort === "waiting" || filter.tagId) && !showsMentions && (
        <p className="lc-filters">
          {filter.sort === "waiting" && (
            <Link to={`${base}${linkTo({ sort: "recent" })}`} aria-label="Latest first instead">
              <LuArrowDownWideNarrow aria-hidden="true" /> Longest waiting{" "}
              <LuX aria-hidden="true" />
            </Link>
          )}
          {filter.tagId && (
            <Link to={`${base}${linkTo({ tagId: null })}`} aria-label="All tags instead">
              {tag ? (
                <span className="lc-tag-dot" data-colour={tag.colour} aria-hidden="true" />
              ) : (
                <LuTag aria-hidden="true" />
              )}
              {tag?.name ?? "A removed tag"} <LuX aria-hidden="true" />
            </Link>
          )}
        </p>
      )}
    </div>
  );
}
