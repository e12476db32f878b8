import {
  Box,
  Button,
  CloseButton,
  chakra,
  Dialog,
  Field,
  Flex,
  Grid,
  NativeSelect,
  Portal,
  Stack,
  Text,
} from "@chakra-ui/react";
import { type ImportColumn, importColumns, listCountries } from "@livechat/shared";
import { useEffect, useId, useMemo, useRef, useState } from "react";
import { LuDownload, LuFileSpreadsheet } from "react-icons/lu";
import { v7 as uuid } from "uuid";
import { saveFile } from "../../api/download-file.ts";
import { Notice } from "../../components/Notice.tsx";
import { explainFailure, useInboxPart } from "../../realtime/use-inbox.tsx";
import { useWorkspace } from "../../session/use-session.ts";
import { EarlierImports } from "./EarlierImports.tsx";
import {
  decodeText,
  guessTargets,
  maxFileBytes,
  parseTable,
  readRows,
  type Table,
  type Target,
} from "./read-csv.ts";
import { beginImport, type ImportSummary, runImport, undoImport } from "./run-import.ts";
import { writeErrors } from "./write-errors.ts";

const labels: Record<ImportColumn, string> = {
  phoneNumber: "Phone number",
  name: "Name",
  email: "E-mail",
  company: "Company",
  timeZone: "Time zone",
  language: "Language",
  about: "About",
};

type Step =
  | { name: "choose" }
  | { name: "map" }
  | { name: "working"; what: string; done: number; of: number }
  | { name: "checked"; summary: ImportSummary }
  | { name: "imported"; importId: string; summary: ImportSummary }
  | { name: "undone" };

interface Opened {
  fileName: string;
  table: Table;
}

/** Brings contacts in from a CSV file: choose, name its columns, see what it would do, do it, take it back. */
export function ImportDialog({ onClose }: { onClose: () => void }) {
  const workspace = useWorkspace();
  const fieldsById = useInboxPart((snapshot) => snapshot.inbox?.contactFields);
  const fields = useMemo(
    () => [...(fieldsById?.values() ?? [])].filter((field) => field.archivedAt === null),
    [fieldsById],
  );
  const [step, setStep] = useState<Step>({ name: "choose" });
  const [file, setFile] = useState<Opened | null>(null);
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
    leftOut: ImportSummary["errors"] = [],
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

  const importAll = ({ errors }: ImportSummary) =>
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
    <Dialog.Root
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
                    <FileChoice onChoose={(chosen) => void open(chosen)} />
                    <EarlierImports
                      workspaceId={workspace.id}
                      onUndo={({ id, createdCount, updatedCount }) =>
                        void undo(id, createdCount + updatedCount)
                      }
                    />
                  </>
                )}
                {step.name === "map" && file && (
                  <Mapping
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
                  <Summary
                    title="Nothing is changed yet. This would happen:"
                    summary={step.summary}
                    file={file}
                  />
                )}
                {step.name === "imported" && (
                  <Summary title="The import is done." summary={step.summary} file={file} isDone />
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
              {step.name === "undone" && <Button onClick={onClose}>Close</Button>}
            </Dialog.Footer>
            {!isWorking && (
              <Dialog.CloseTrigger asChild>
                <CloseButton size="sm" />
              </Dialog.CloseTrigger>
            )}
          </Dialog.Content>
        </Dialog.Positioner>
      </Portal>
    </Dialog.Root>
  );
}

function FileChoice({ onChoose }: { onChoose(file: File | undefined): void }) {
  const [isTarget, setIsTarget] = useState(false);
  return (
    <chakra.label
      display="flex"
      flexDirection="column"
      alignItems="center"
      gap="3"
      padding="10"
      borderWidth="2px"
      borderStyle="dashed"
      borderColor={isTarget ? "accent.solid" : "border.emphasized"}
      borderRadius="panel"
      bg={isTarget ? "accent.subtle" : "bg.subtle"}
      cursor="pointer"
      textAlign="center"
      _focusWithin={{ outline: "2px solid {colors.accent.focusRing}", outlineOffset: "2px" }}
      onDragOver={(event) => {
        event.preventDefault();
        setIsTarget(true);
      }}
      onDragLeave={() => setIsTarget(false)}
      onDrop={(event) => {
        event.preventDefault();
        setIsTarget(false);
        onChoose(event.dataTransfer.files[0]);
      }}
    >
      <Box color="accent.fg">
        <LuFileSpreadsheet size={36} aria-hidden />
      </Box>
      <Text fontWeight="semibold">Choose a CSV file, or drop it here</Text>
      <Text color="fg.muted">
        With a header line and a column of phone numbers. Known numbers are updated, others added.
        Opt-outs stay as they are.
      </Text>
      <chakra.input
        type="file"
        accept=".csv,.tsv,.txt,text/csv"
        srOnly
        onChange={(event) => onChoose(event.target.files?.[0])}
      />
    </chakra.label>
  );
}

function Mapping({
  file,
  targets,
  country,
  fields,
  onTargets,
  onCountry,
}: {
  file: Opened;
  targets: readonly Target[];
  country: string;
  fields: readonly { id: string; label: string }[];
  onTargets(targets: Target[]): void;
  onCountry(country: string): void;
}) {
  const id = useId();
  const countries = useMemo(listNamedCountries, []);
  const { header, rows } = file.table;
  return (
    <>
      <Text color="fg.muted">
        <bdi>{file.fileName}</bdi>: {rows.length.toLocaleString()} rows. Say what each column is.
      </Text>
      <Stack as="ul" listStyleType="none" gap="0">
        {header.map((title, at) => {
          const example = rows.find((row) => row[at]?.trim())?.[at] ?? "";
          return (
            <Grid
              // biome-ignore lint/suspicious/noArrayIndexKey: columns have no other identity, and keep their order.
              key={at}
              as="li"
              templateColumns="minmax(0, 1fr) minmax(0, 1fr)"
              alignItems="center"
              gap="3"
              paddingY="2"
              borderBottomWidth="1px"
              borderColor="hairline"
            >
              <Box minWidth="0">
                <Text id={`${id}${at}`} fontWeight="medium" truncate dir="auto">
                  {title || `Column ${at + 1}`}
                </Text>
                <Text color="fg.muted" fontSize="sm" truncate dir="auto">
                  {example}
                </Text>
              </Box>
              <NativeSelect.Root size="sm">
                <NativeSelect.Field
                  aria-labelledby={`${id}${at}`}
                  value={targets[at] ?? ""}
                  onChange={(event) => {
                    const chosen = event.target.value as Target;
                    onTargets(
                      header.map((_, column) =>
                        column === at
                          ? chosen
                          : targets[column] === chosen
                            ? ""
                            : (targets[column] ?? ""),
                      ),
                    );
                  }}
                >
                  <option value="">Leave out</option>
                  {importColumns.map((column) => (
                    <option key={column} value={column}>
                      {labels[column]}
                    </option>
                  ))}
                  {fields.map((field) => (
                    <option key={field.id} value={`field:${field.id}`}>
                      {field.label}
                    </option>
                  ))}
                </NativeSelect.Field>
                <NativeSelect.Indicator />
              </NativeSelect.Root>
            </Grid>
          );
        })}
      </Stack>
      <Field.Root>
        <Field.Label>Country of numbers without a country code</Field.Label>
        <NativeSelect.Root>
          <NativeSelect.Field value={country} onChange={(event) => onCountry(event.target.value)}>
            {countries.map(({ code, label }) => (
              <option key={code} value={code}>
                {label}
              </option>
            ))}
          </NativeSelect.Field>
          <NativeSelect.Indicator />
        </NativeSelect.Root>
      </Field.Root>
      {!targets.includes("phoneNumber") && (
        <Notice kind="error">Say which column holds the phone numbers.</Notice>
      )}
    </>
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

function Summary({
  title,
  summary,
  file,
  isDone = false,
}: {
  title: string;
  summary: ImportSummary;
  file: Opened | null;
  isDone?: boolean;
}) {
  const counts = [
    { label: isDone ? "Added" : "To add", count: summary.create },
    { label: isDone ? "Updated" : "To update", count: summary.update },
    { label: "Unchanged", count: summary.unchanged },
    { label: "With errors", count: summary.errors.length },
  ];
  return (
    <>
      <Text role="status">{title}</Text>
      <Grid as="dl" templateColumns="repeat(auto-fit, minmax(7rem, 1fr))" gap="3">
        {counts.map(({ label, count }) => (
          <Box key={label} layerStyle="card" padding="3">
            <chakra.dt color="fg.muted" fontSize="sm">
              {label}
            </chakra.dt>
            <chakra.dd margin="0" fontSize="2xl" fontWeight="semibold">
              {count.toLocaleString()}
            </chakra.dd>
          </Box>
        ))}
      </Grid>
      {summary.errors.length > 0 && file && (
        <Stack gap="2">
          <Stack as="ul" listStyleType="none" gap="1" maxHeight="11rem" overflowY="auto">
            {summary.errors.slice(0, 50).map((each) => (
              <Text as="li" key={each.row} fontSize="sm">
                Row {each.row}:{" "}
                <Text as="span" color="status.error">
                  {each.errors
                    .map(
                      ({ column, reason }) =>
                        `${labels[column as ImportColumn] ?? column} ${reason}`,
                    )
                    .join("; ")}
                </Text>
              </Text>
            ))}
          </Stack>
          <Flex>
            <Button
              variant="outline"
              size="sm"
              onClick={() => saveFile(writeErrors(file.table, summary.errors), "not-imported.csv")}
            >
              <LuDownload aria-hidden /> Download the rows with errors
            </Button>
          </Flex>
        </Stack>
      )}
    </>
  );
}

function guessCountry(): string {
  const region = new Intl.Locale(navigator.language).maximize().region ?? "US";
  return listCountries().some(({ code }) => code === region) ? region : "US";
}

function listNamedCountries(): { code: string; label: string }[] {
  const names = new Intl.DisplayNames(undefined, { type: "region" });
  return listCountries()
    .map(({ code, callingCode }) => ({
      code,
      label: `${names.of(code) ?? code} (+${callingCode})`,
    }))
    .sort((a, b) => a.label.localeCompare(b.label));
}
