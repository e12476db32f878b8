import { chakra, Dialog, Flex, Portal, Text } from "@chakra-ui/react";
import type { SavedView, UpdateSavedViewRequest } from "@livechat/shared";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { LuChevronDown, LuChevronUp, LuTrash2, LuX } from "react-icons/lu";
import {
  removeSavedView,
  savedViewsQuery,
  saveView,
  updateSavedView,
} from "../../api/saved-views-queries.ts";
import { ModalRoot } from "../../components/ModalRoot.tsx";
import { SwitchField } from "../../components/SwitchField.tsx";
import { toaster } from "../../components/toaster.tsx";
import { explainFailure } from "../../realtime/use-inbox.tsx";
import { useMe, useWorkspace } from "../../session/use-session.ts";

/** Renames, orders, shares and removes saved views. */
export function SavedViewsDialog({ onClose }: { onClose: () => void }) {
  const workspace = useWorkspace();
  const me = useMe();
  const queryClient = useQueryClient();
  const query = savedViewsQuery(workspace.id);
  const { data: views = [] } = useQuery(query);
  const [isBusy, setIsBusy] = useState(false);
  const isAdmin = workspace.role !== "agent";
  const canChange = (view: SavedView) => !view.isShared || isAdmin || view.createdBy === me.userId;

  async function act(failure: string, work: () => Promise<unknown>): Promise<boolean> {
    setIsBusy(true);
    try {
      await work();
      return true;
    } catch (error) {
      toaster.create({ type: "error", title: failure, description: explainFailure(error) });
      return false;
    } finally {
      await queryClient.invalidateQueries({ queryKey: query.queryKey });
      setIsBusy(false);
    }
  }
  const update = (view: SavedView, change: UpdateSavedViewRequest) =>
    act("The view was not changed", () => updateSavedView(workspace.id, view.id, change));

  /** Gives each of a group its place, where it is another than before. */
  function move(group: readonly SavedView[], from: number, step: 1 | -1) {
    const order = [...group];
    const [moved] = order.splice(from, 1);
    if (!moved) return;
    order.splice(from + step, 0, moved);
    void act("The views were not moved", async () => {
      for (const [position, view] of order.entries()) {
        if (view.position !== position) {
          await updateSavedView(workspace.id, view.id, { position });
        }
      }
    });
  }

  async function remove(view: SavedView) {
    const isGone = await act("The view was not removed", () =>
      removeSavedView(workspace.id, view.id),
    );
    if (!isGone) return;
    const { id, name, filter, isShared, position } = view;
    toaster.create({
      type: "success",
      title: `“${name}” removed`,
      duration: 8000,
      closable: true,
      action: {
        label: "Undo",
        onClick: () =>
          void act("The view was not brought back", () =>
            saveView(workspace.id, { id, name, filter, isShared, position }),
          ),
      },
    });
  }

  const groups = [
    { title: "For everyone", items: views.filter(({ isShared }) => isShared) },
    { title: "Your own", items: views.filter(({ isShared }) => !isShared) },
  ];
  return (
    <ModalRoot
      open
      placement="center"
      scrollBehavior="inside"
      onOpenChange={({ open }) => !open && onClose()}
    >
      <Portal>
        <Dialog.Backdrop />
        <Dialog.Positioner padding="4">
          <Dialog.Content
            maxWidth="28rem"
            borderRadius="panel"
            onKeyDown={(event) => event.key !== "Escape" && event.stopPropagation()}
          >
            <Dialog.Header>
              <Dialog.Title>Saved views</Dialog.Title>
              <Dialog.CloseTrigger asChild>
                <IconButton type="button" aria-label="Close">
                  <LuX />
                </IconButton>
              </Dialog.CloseTrigger>
            </Dialog.Header>
            <Dialog.Body display="grid" gap="5" paddingBottom="5">
              {views.length === 0 && (
                <Text color="fg.muted">
                  No view is saved. Filter the list, then choose “Save view”.
                </Text>
              )}
              {groups.map(
                ({ title, items }) =>
                  items.length > 0 && (
                    <section key={title} aria-label={title}>
                      <Text as="h3" color="fg.muted" fontSize="sm" fontWeight="semibold">
                        {title}
                      </Text>
                      <chakra.ul listStyleType="none">
                        {items.map((view, at) => {
                          const isMine = canChange(view);
                          return (
                            <chakra.li
                              key={view.id}
                              paddingY="2"
                              borderBottomWidth="1px"
                              borderColor="hairline"
                            >
                              <Flex gap="1" align="center">
                                <NameField
                                  key={view.name}
                                  view={view}
                                  isReadOnly={!isMine}
                                  onRename={(name) => void update(view, { name })}
                                />
                                <IconButton
                                  type="button"
                                  aria-label={`Move “${view.name}” up`}
                                  disabled={isBusy || at === 0 || !isMine}
                                  onClick={() => move(items, at, -1)}
                                >
                                  <LuChevronUp />
                                </IconButton>
                                <IconButton
                                  type="button"
                                  aria-label={`Move “${view.name}” down`}
                                  disabled={isBusy || at === items.length - 1 || !isMine}
                                  onClick={() => move(items, at, 1)}
                                >
                                  <LuChevronDown />
                                </IconButton>
                                <IconButton
                                  type="button"
                                  aria-label={`Remove “${view.name}”`}
                                  disabled={isBusy || !isMine}
                                  onClick={() => void remove(view)}
                                >
                                  <LuTrash2 />
                                </IconButton>
                              </Flex>
                              {view.createdBy === me.userId && (
                                <SwitchField
                                  label="For everyone"
                                  isOn={view.isShared}
                                  onChange={(isShared) => void update(view, { isShared })}
                                />
                              )}
                            </chakra.li>
                          );
                        })}
                      </chakra.ul>
                    </section>
                  ),
              )}
            </Dialog.Body>
          </Dialog.Content>
        </Dialog.Positioner>
      </Portal>
    </ModalRoot>
  );
}

function NameField({
  view,
  isReadOnly,
  onRename,
}: {
  view: SavedView;
  isReadOnly: boolean;
  onRename(name: string): void;
}) {
  const [name, setName] = useState(view.name);
  function finish() {
    const wanted = name.trim();
    if (wanted === "") setName(view.name);
    else if (wanted !== view.name) onRename(wanted);
  }
  return (
    <chakra.input
      aria-label={`Name of “${view.name}”`}
      value={name}
      maxLength={60}
      readOnly={isReadOnly}
      flex="1"
      minWidth="0"
      height="36px"
      paddingX="2"
      borderRadius="8px"
      bg="transparent"
      dir="auto"
      _hover={{ bg: isReadOnly ? undefined : "bg.muted" }}
      onChange={(event) => setName(event.target.value)}
      onBlur={finish}
      onKeyDown={(event) => {
        if (event.key === "Enter") event.currentTarget.blur();
      }}
    />
  );
}

const IconButton = chakra("button", {
  base: {
    display: "inline-flex",
    alignItems: "center",
    justifyContent: "center",
    width: "32px",
    height: "32px",
    borderRadius: "8px",
    color: "fg.muted",
    cursor: "pointer",
    _hover: { bg: "bg.muted" },
    _disabled: { opacity: 0.4, cursor: "default" },
  },
});
