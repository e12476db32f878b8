import { type ContactFilter, savedViewKey } from "@livechat/shared";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Suspense, useEffect, useState } from "react";
import { LuBookmark, LuSettings2, LuUsers } from "react-icons/lu";
import { Link } from "react-router";
import { savedViewsQuery } from "../../api/saved-views-queries.ts";
import { listKey } from "../../realtime/contact-filter.ts";
import { useInboxPart } from "../../realtime/use-inbox.tsx";
import { useMe, useWorkspace } from "../../session/use-session.ts";
import "./finding.css";
import { late } from "../../components/late.tsx";
import { type ListChange, useContactFilter } from "./use-contact-filter.ts";
import { ViewCount } from "./ViewCount.tsx";

const SavedViewsDialog = late(
  async () => (await import("./SavedViewsDialog.tsx")).SavedViewsDialog,
);

/** The views that people saved, with how much is in each; nothing before the first. */
export function SavedViews() {
  const workspace = useWorkspace();
  const me = useMe();
  const queryClient = useQueryClient();
  const { filter, showsMentions, linkTo } = useContactFilter();
  const counts = useInboxPart((snapshot) => snapshot.inbox?.counts);
  const changedAt = useInboxPart((snapshot) => snapshot.inbox?.savedViewsSeq);
  const isLive = useInboxPart((snapshot) => snapshot.connection === "live");
  const [isManaging, setIsManaging] = useState(false);
  const query = savedViewsQuery(workspace.id);
  const { data: views } = useQuery(query);

  // biome-ignore lint/correctness/useExhaustiveDependencies: an event told of a change, or some may have been missed.
  useEffect(() => {
    void queryClient.invalidateQueries({ queryKey: query.queryKey });
  }, [changedAt, isLive]);

  if (!views || views.length === 0) return null;
  return (
    <div className="lc-views-row">
      <ul aria-label="Saved views">
        {views.map((view) => (
          <li key={view.id}>
            <Link
              className="lc-view"
              to={`/w/${workspace.id}${linkTo(onlyThis(view.filter))}`}
              aria-current={
                !showsMentions && listKey(view.filter) === listKey(filter) ? "true" : undefined
              }
              title={view.isShared ? "Everyone has this view" : "Your own view"}
            >
              {view.isShared ? <LuUsers aria-hidden="true" /> : <LuBookmark aria-hidden="true" />}
              <span dir="auto">{view.name}</span>
              <ViewCount of={counts?.[savedViewKey(view, me.userId)] ?? 0} />
            </Link>
          </li>
        ))}
      </ul>
      <button
        type="button"
        className="lc-icon-button lc-filter-button"
        aria-label="Manage saved views"
        title="Manage saved views"
        onClick={() => setIsManaging(true)}
      >
        <LuSettings2 />
      </button>
      <Suspense fallback={null}>
        {isManaging && <SavedViewsDialog onClose={() => setIsManaging(false)} />}
      </Suspense>
    </div>
  );
}

/** Exactly this list: what it does not name is let through. */
function onlyThis(filter: ContactFilter): ListChange {
  return { tagId: null, assignedTo: null, line: null, status: null, isUnread: null, ...filter };
}
