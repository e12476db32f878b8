import { Button, CloseButton, chakra, Dialog, Portal, Stack, Text } from "@chakra-ui/react";
import { listCountries } from "@livechat/shared";
import { useEffect, useMemo, useRef, useState } from "react";
import { v7 as uuid } from "uuid";
import { ModalRoot } from "../../components/ModalRoot.tsx";
import { Notice } from "../../components/Notice.tsx";
import { explainFailure, useInboxPart } from "../../realtime/use-inbox.tsx";
import { useWorkspace } from "../../session/use-session.ts";
import { EarlierImports } from "./EarlierImports.tsx";
import { ImportFileChoice } from "./ImportFileChoice.tsx";
import { ImportMapping } from "./ImportMapping.tsx";
import { ImportSummary } from "./ImportSummary.tsx";
import {
  decodeText,
  guessTargets,
  maxFileBytes,
  type OpenedFile,
  parseTable,
  readRows,
  type Target,
} from "./read-csv.ts";
import { beginImport, type ImportResult, runImport, undoImport } from "./run-import.ts";

type Step =
  | { name: "choose" }
  | { name: "map" }
  | { name: "working"; what: string; done: number; of: number }
  | { name: "checked"; summary: ImportResult }
  | { name: "imported"; importId: string; summary: ImportResult }
  | { name: "undone" };

/** Brings contacts in from a CSV file: choose, name its columns, see what it would do, do it, take it back. */
export function ImportDialog({ onClose }: { onClose: () => void }) {
  const workspace = useWorkspace();
  const fieldsById = useInboxPart((snapshot) => snapshot.inbox?.contactFields);
  const fields = useMemo(
    () => [...(fieldsById?.values() ?? [])].filter((field) => field.archivedAt === null),
    [fieldsById],
  );
  const [step, setStep] = useState<Step>({ name: "choose" });
  const [file, setFile] = useState<OpenedFile | null>(null);
  const [targets, setTargets] = useState<Target[]>([]);
  const [country, setCountry] = useState(guessCountry);
  const [error, setError] = useState<string | null>(null);
  const abort = useRef(new AbortController());
  useEffect(() => () => abort.current.abort(), []);

  async function open(chosen: File | undefined) {
    if (!chosen) return;
    setError(null);
    if (chosen.size > maxFileBytes) {
      setError("The file is larger than 20 MB. Split it and import the parts.");
      return;
    }
    const table = parseTable(decodeText(new Uint8Array(await chosen.arrayBuffer())));
    if (table.rows.length === 0) {
      setError("This file has no rows below its header. Choose a CSV file.");
      return;
    }
    setFile({ fileName: chosen.name, table });
    setTargets(guessTargets(table.header, fields));
    setStep({ name: "map" });
  }

  async function work(
    what: string,
    action: (show: (done: number) => void) => Promise<Step>,
    of = file?.table.rows.length ?? 0,
  ) {
    const before = step;
    setError(null);
    setStep({ name: "working", what, done: 0, of });
    try {
      setStep(await action((done) => setStep({ name: "working", what, done, of })));
    } catch (failure) {
      if (abort.current.signal.aborted) return;
      setError(explainFailure(failure));
      setStep(before);
    }
  }

  const run = (
    importId: string | null,
    onProgress: (done: number) => void,
    leftOut: ImportResult["errors"] = [],
  ) => {
    const refused = new Set(leftOut.map(({ row }) => row));
    const rows = file ? readRows(file.table, targets) : [];
    return runImport({
      workspaceId: workspace.id,
      rows: rows.filter(({ row }) => !refused.has(row)),
      defaultCountry: country,
      importId,
      onProgress,
      signal: abort.current.signal,
    });
  };

  const check = () =>
    work("Looking through the file", async (show) => ({
      name: "checked",
      summary: await run(null, show),
    }));

  const importAll = ({ errors }: ImportResult) =>
    work("Importing", async (show) => {
      const importId = uuid();
      await beginImport(workspace.id, importId, file?.fileName ?? "");
      // What the check refused stays out, so that what was shown is what happens.
      const summary = await run(importId, show, errors);
      return {
        name: "imported",
        importId,
        summary: { ...summary, errors: [...errors, ...summary.errors] },
      };
    });

  const undo = (importId: string, total: number) =>
    work(
      "Taking the import back",
      async (show) => {
        await undoImport(workspace.id, importId, (left) => show(Math.max(0, total - left)));
        return { name: "undone" };
      },
      total,
    );

  const hasNumbers = targets.includes("phoneNumber");
  const isWorking = step.name === "working";
  return (
    <ModalRoot
      open
      onOpenChange={({ open: isOpen }) => !isOpen && !isWorking && onClose()}
      size="lg"
      placement="center"
      scrollBehavior="inside"
      closeOnInteractOutside={step.name === "choose"}
    >
      <Portal>
        <Dialog.Backdrop />
        <Dialog.Positioner>
          <Dialog.Content borderRadius={{ md: "panel" }}>
            <Dialog.Header>
              <Dialog.Title>Import contacts</Dialog.Title>
            </Dialog.Header>
            <Dialog.Body>
              <Stack gap="4">
                {error && <Notice kind="error">{error}</Notice>}
                {step.name === "choose" && (
                  <>
                    <ImportFileChoice onChoose={(chosen) => void open(chosen)} />
                    <EarlierImports
                      workspaceId={workspace.id}
                      onUndo={({ id, createdCount, updatedCount }) =>
                        void undo(id, createdCount + updatedCount)
                      }
                    />
                  </>
                )}
                {step.name === "map" && file && (
                  <ImportMapping
                    file={file}
                    targets={targets}
                    country={country}
                    fields={fields}
                    onTargets={setTargets}
                    onCountry={setCountry}
                  />
                )}
                {step.name === "working" && <Progress {...step} />}
                {step.name === "checked" && (
                  <ImportSummary
                    title="Nothing is changed yet. This would happen:"
                    summary={step.summary}
                    file={file}
                  />
                )}
                {step.name === "imported" && (
                  <ImportSummary
                    title="The import is done."
                    summary={step.summary}
                    file={file}
                    isDone
                  />
                )}
                {step.name === "undone" && (
                  <Text role="status">
                    The import was taken back. Contacts that have texted since, and what people
                    changed since, were kept.
                  </Text>
                )}
              </Stack>
            </Dialog.Body>
            <Dialog.Footer>
              {step.name === "map" && (
                <>
                  <Button variant="ghost" onClick={() => setStep({ name: "choose" })}>
                    Another file
                  </Button>
                  <Button colorPalette="accent" disabled={!hasNumbers} onClick={() => void check()}>
                    Check the file
                  </Button>
                </>
              )}
              {step.name === "checked" && (
                <>
                  <Button variant="ghost" onClick={() => setStep({ name: "map" })}>
                    Back
                  </Button>
                  <Button
                    colorPalette="accent"
                    disabled={step.summary.create + step.summary.update === 0}
                    onClick={() => void importAll(step.summary)}
                  >
                    Import {step.summary.create + step.summary.update} contacts
                  </Button>
                </>
              )}
              {step.name === "imported" && (
                <>
                  <Button
                    variant="ghost"
                    onClick={() =>
                      void undo(step.importId, step.summary.create + step.summary.update)
                    }
                  >
                    Undo the import
                  </Button>
                  <Button colorPalette="accent" onClick={onClose}>
                    Done
                  </Button>
                </>
              )}
              {step.name === "undone" && (
                <Button colorPalette="accent" onClick={onClose}>
                  Close
                </Button>
              )}
            </Dialog.Footer>
            {!isWorking && (
              <Dialog.CloseTrigger asChild>
                <CloseButton size="sm" />
              </Dialog.CloseTrigger>
            )}
          </Dialog.Content>
        </Dialog.Positioner>
      </Portal>
    </ModalRoot>
  );
}

function Progress({ what, done, of }: { what: string; done: number; of: number }) {
  return (
    <Stack gap="2" paddingY="6">
      <Text role="status">
        {what}: {done.toLocaleString()} of {of.toLocaleString()}
      </Text>
      <chakra.progress
        aria-label={what}
        value={done}
        max={Math.max(1, of)}
        width="100%"
        accentColor="{colors.accent.solid}"
      />
    </Stack>
  );
}

function guessCountry(): string {
  const region = new Intl.Locale(navigator.language).maximize().region ?? "US";
  return listCountries().some(({ code }) => code === region) ? region : "US";
}
