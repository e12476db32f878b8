import { type ReactNode, Suspense, useState } from "react";
import {
  LuArrowDownWideNarrow,
  LuBookmark,
  LuCalendar,
  LuCircleDot,
  LuInbox,
  LuPhone,
  LuTag,
  LuUser,
  LuX,
} from "react-icons/lu";
import { Link, useLocation } from "react-router";
import { showAddress } from "../../components/show-address.ts";
import { useInboxPart } from "../../realtime/use-inbox.tsx";
import "./finding.css";
import { late } from "../../components/late.tsx";
import { type ListChange, useContactFilter } from "./use-contact-filter.ts";

const SaveViewDialog = late(async () => (await import("./SaveViewDialog.tsx")).SaveViewDialog);

/** What narrows the list or the search, each with the way to drop it, and the way to keep them all. */
export function FilterChips({ words = "" }: { words?: string }) {
  const { filter, searched, linkTo } = useContactFilter();
  const { pathname } = useLocation();
  const members = useInboxPart((snapshot) => snapshot.inbox?.members);
  const tags = useInboxPart((snapshot) => snapshot.inbox?.tags);
  const [isSaving, setIsSaving] = useState(false);
  const isSearch = words !== "";
  const tag = filter.tagId ? tags?.get(filter.tagId) : undefined;
  const formatDay = (day: string) =>
    new Date(`${day}T00:00`).toLocaleDateString(undefined, { dateStyle: "medium" });

  const chips: { key: string; drop: ListChange; label: string; icon: ReactNode; text: string }[] =
    [];
  if (filter.sort === "waiting" && !isSearch) {
    chips.push({
      key: "sort",
      drop: { sort: "recent" },
      label: "Latest first instead",
      icon: <LuArrowDownWideNarrow aria-hidden="true" />,
      text: "Longest waiting",
    });
  }
  if (filter.tagId) {
    chips.push({
      key: "tag",
      drop: { tagId: null },
      label: "All tags instead",
      icon: tag ? (
        <span className="lc-tag-dot" data-colour={tag.colour} aria-hidden="true" />
      ) : (
        <LuTag aria-hidden="true" />
      ),
      text: tag?.name ?? "A removed tag",
    });
  }
  if (filter.assignedTo) {
    chips.push({
      key: "assignee",
      drop: { assignedTo: null },
      label: "Assigned to anyone instead",
      icon: <LuUser aria-hidden="true" />,
      text: members?.get(filter.assignedTo)?.displayName ?? "A former member",
    });
  }
  if (filter.line) {
    chips.push({
      key: "line",
      drop: { line: null },
      label: "All our numbers instead",
      icon: <LuPhone aria-hidden="true" />,
      text: filter.line.startsWith("MG") ? "A Messaging Service" : showAddress(filter.line),
    });
  }
  if (filter.status) {
    chips.push({
      key: "status",
      drop: { status: null },
      label: "Every status instead",
      icon: <LuInbox aria-hidden="true" />,
      text: filter.status,
    });
  }
  if (filter.isUnread) {
    chips.push({
      key: "unread",
      drop: { isUnread: null },
      label: "Read ones as well",
      icon: <LuCircleDot aria-hidden="true" />,
      text: "Unread only",
    });
  }
  if (isSearch && (searched.from || searched.to)) {
    const { from, to } = searched;
    chips.push({
      key: "days",
      drop: { from: null, to: null },
      label: "Any day instead",
      icon: <LuCalendar aria-hidden="true" />,
      text:
        from && to
          ? `${formatDay(from)} – ${formatDay(to)}`
          : from
            ? `Since ${formatDay(from)}`
            : `Until ${formatDay(to ?? "")}`,
    });
  }

  return (
    <p className="lc-filters">
      {chips.map(({ key, drop, label, icon, text }) => (
        <Link
          key={key}
          to={`${pathname}${linkTo({ words, ...drop })}`}
          aria-label={`${text}. ${label}`}
        >
          {icon} {text} <LuX aria-hidden="true" />
        </Link>
      ))}
      {!isSearch && (
        <button type="button" onClick={() => setIsSaving(true)}>
          <LuBookmark aria-hidden="true" /> Save view
        </button>
      )}
      <Suspense fallback={null}>
        {isSaving && <SaveViewDialog filter={filter} onClose={() => setIsSaving(false)} />}
      </Suspense>
    </p>
  );
}
