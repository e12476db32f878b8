import { Menu, Portal } from "@chakra-ui/react";
import { type ContactView, countKey } from "@livechat/shared";
import { LuCheck, LuChevronDown } from "react-icons/lu";
import { useNavigate } from "react-router";
import { useInboxPart } from "../../realtime/use-inbox.tsx";
import { useMe, useWorkspace } from "../../session/use-session.ts";
import { useContactFilter } from "./use-contact-filter.ts";
import { ViewCount } from "./ViewCount.tsx";
import { viewNames } from "./view-names.ts";

const inMenu = ["unread", "mentions", "snoozed", "done", "blocked"] as const;

/** The views that are looked at less often, the order, and the tag to look at alone. */
export function ViewMenu() {
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
          {currentInMenu && <ViewCount of={countOf(currentInMenu)} />}
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
  );
}
