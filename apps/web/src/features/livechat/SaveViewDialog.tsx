import { Button, Dialog, Portal } from "@chakra-ui/react";
import type { ContactFilter } from "@livechat/shared";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type SubmitEvent, useId, useState } from "react";
import { savedViewsQuery, saveView } from "../../api/saved-views-queries.ts";
import { ModalRoot } from "../../components/ModalRoot.tsx";
import { Notice } from "../../components/Notice.tsx";
import { SwitchField } from "../../components/SwitchField.tsx";
import { TextField } from "../../components/TextField.tsx";
import { explainFailure } from "../../realtime/use-inbox.tsx";
import { useWorkspace } from "../../session/use-session.ts";

/** Keeps the list that is shown under a name. */
export function SaveViewDialog({
  filter,
  onClose,
}: {
  filter: ContactFilter;
  onClose: () => void;
}) {
  const workspace = useWorkspace();
  const queryClient = useQueryClient();
  const fieldId = useId();
  const [id] = useState(() => crypto.randomUUID());
  const [name, setName] = useState("");
  const [isShared, setIsShared] = useState(false);
  const [isMissing, setIsMissing] = useState(false);
  const saving = useMutation({
    mutationFn: () => saveView(workspace.id, { id, name, filter, isShared }),
    onSuccess: async () => {
      await queryClient.invalidateQueries(savedViewsQuery(workspace.id));
      onClose();
    },
  });

  function submit(event: SubmitEvent) {
    event.preventDefault();
    // The dialog stands inside the list in React's tree, not in the page.
    event.stopPropagation();
    setIsMissing(name.trim() === "");
    if (name.trim() !== "") saving.mutate();
  }

  return (
    <ModalRoot
      open
      placement="center"
      onOpenChange={({ open }) => !open && onClose()}
      initialFocusEl={() => document.getElementById(fieldId)}
    >
      <Portal>
        <Dialog.Backdrop />
        <Dialog.Positioner padding="4">
          <Dialog.Content maxWidth="24rem" borderRadius="panel" onKeyDown={keepKeys}>
            <form onSubmit={submit} noValidate>
              <Dialog.Header>
                <Dialog.Title>Save view</Dialog.Title>
              </Dialog.Header>
              <Dialog.Body display="grid" gap="4">
                <TextField
                  id={fieldId}
                  label="Name"
                  placeholder="Such as: Pending for me"
                  maxLength={60}
                  autoComplete="off"
                  value={name}
                  error={isMissing ? "Give the view a name." : undefined}
                  onChange={(event) => setName(event.target.value)}
                />
                <SwitchField
                  label="For everyone"
                  detail="Everyone in the workspace gets this view."
                  isOn={isShared}
                  onChange={setIsShared}
                />
                {saving.error && <Notice kind="error">{explainFailure(saving.error)}</Notice>}
              </Dialog.Body>
              <Dialog.Footer>
                <Button variant="outline" onClick={onClose}>
                  Cancel
                </Button>
                <Button type="submit" colorPalette="accent" loading={saving.isPending}>
                  Save
                </Button>
              </Dialog.Footer>
            </form>
          </Dialog.Content>
        </Dialog.Positioner>
      </Portal>
    </ModalRoot>
  );
}

/** The list behind it walks with the same keys. */
function keepKeys(event: { stopPropagation(): void; key: string }) {
  if (event.key !== "Escape") event.stopPropagation();
}
