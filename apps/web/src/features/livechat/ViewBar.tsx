import { Menu, Portal } from "@chakra-ui/react";
import { type ContactView, countKey } from "@livechat/shared";
import { LuArrowDownWideNarrow, LuCheck, LuChevronDown, LuTag, LuX } from "react-icons/lu";
import { Link, useNavigate } from "react-router";
import { useInboxPart } from "../../realtime/use-inbox.tsx";
import { useMe, useWorkspace } from "../../session/use-session.ts";
import { useContactFilter } from "./use-contact-filter.ts";

/** What each part of the inbox is called. */
export const viewNames: Record<ContactView | "mentions", string> = {
  open: "All",
  mine: "Mine",
  unassigned: "Unassigned",
  unread: "Unread",
  snoozed: "Snoozed",
  done: "Done",
  blocked: "Blocked",
  mentions: "Mentions",
};

const shownFirst = ["open", "mine", "unassigned"] as const;
const inMenu = ["unread", "mentions", "snoozed", "done", "blocked"] as const;

/** The parts of the inbox with how much is in each, the order, and the tag to look at alone. */
export function ViewBar() {
  const { filter, showsMentions, linkTo } = useContactFilter();
  const workspace = useWorkspace();
  const me = useMe();
  const navigate = useNavigate();
  const counts = useInboxPart((snapshot) => snapshot.inbox?.counts);
  const tags = useInboxPart((snapshot) => snapshot.inbox?.tags);
  const current = showsMentions ? "mentions" : filter.view;
  const currentInMenu = inMenu.find((view) => view === current);
  const countOf = (view: ContactView | "mentions") => counts?.[countKey(view, me.userId)] ?? 0;
  const unseen = countOf("mentions");
  const tag = filter.tagId ? tags?.get(filter.tagId) : undefined;
  const base = `/w/${workspace.id}`;

  function choose(value: string) {
    const [kind, id = ""] = value.split(":");
    if (kind === "tag") void navigate(`${base}${linkTo({ tagId: id || null })}`);
    else if (kind === "sort") {
      void navigate(`${base}${linkTo({ sort: id === "waiting" ? "waiting" : "recent" })}`);
    } else {
      const view = inMenu.find((each) => each === id);
      if (view === "mentions") void navigate(`${base}${linkTo({ showsMentions: true })}`);
      else if (view) void navigate(`${base}${linkTo({ view })}`);
    }
  }

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
              <Count of={countOf(view)} />
            </Link>
          </li>
        ))}
        <li>
          <Menu.Root lazyMount unmountOnExit onSelect={({ value }) => choose(value)}>
            <Menu.Trigger asChild>
              <button
                type="button"
                className="lc-view"
                aria-current={currentInMenu ? "true" : undefined}
                aria-label={
                  currentInMenu
                    ? `${viewNames[currentInMenu]}. More views`
                    : unseen > 0
                      ? `More views. ${unseen} unread mentions`
                      : "More views"
                }
              >
                {currentInMenu ? viewNames[currentInMenu] : "More"}
                {currentInMenu && <Count of={countOf(currentInMenu)} />}
                {!currentInMenu && unseen > 0 && <i className="lc-view-dot" aria-hidden="true" />}
                <LuChevronDown aria-hidden="true" />
              </button>
            </Menu.Trigger>
            <Portal>
              <Menu.Positioner>
                <Menu.Content minWidth="14rem" borderRadius="12px">
                  {inMenu.map((view) => (
                    <Menu.Item key={view} value={`view:${view}`}>
                      <span style={{ flex: 1 }}>{viewNames[view]}</span>
                      <span className="lc-muted">{countOf(view) || ""}</span>
                      {current === view && <LuCheck aria-label="(shown)" />}
                    </Menu.Item>
                  ))}
                  <Menu.Separator />
                  <Menu.ItemGroup>
                    <Menu.ItemGroupLabel color="fg.muted">Order</Menu.ItemGroupLabel>
                    <Menu.Item value="sort:recent">
                      <span style={{ flex: 1 }}>Latest first</span>
                      {filter.sort === "recent" && <LuCheck aria-label="(chosen)" />}
                    </Menu.Item>
                    <Menu.Item value="sort:waiting">
                      <span style={{ flex: 1 }}>Longest waiting first</span>
                      {filter.sort === "waiting" && <LuCheck aria-label="(chosen)" />}
                    </Menu.Item>
                  </Menu.ItemGroup>
                  {tags && tags.size > 0 && (
                    <Menu.ItemGroup>
                      <Menu.ItemGroupLabel color="fg.muted">Tag</Menu.ItemGroupLabel>
                      {[...tags.values()]
                        .sort((a, b) => a.name.localeCompare(b.name))
                        .map(({ id, name, colour }) => (
                          <Menu.Item key={id} value={`tag:${id}`}>
                            <span className="lc-tag-dot" data-colour={colour} aria-hidden="true" />
                            <span style={{ flex: 1 }}>{name}</span>
                            {filter.tagId === id && <LuCheck aria-label="(chosen)" />}
                          </Menu.Item>
                        ))}
                    </Menu.ItemGroup>
                  )}
                </Menu.Content>
              </Menu.Positioner>
            </Portal>
          </Menu.Root>
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

function Count({ of: count }: { of: number }) {
  if (count === 0) return null;
  return (
    <span className="lc-view-count">
      <span className="lc-hidden">, </span>
      {count > 999 ? "999+" : count}
    </span>
  );
}
