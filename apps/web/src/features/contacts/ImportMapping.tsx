import { Box, Field, Grid, NativeSelect, Stack, Text } from "@chakra-ui/react";
import { importColumns, listCountries } from "@livechat/shared";
import { useId, useMemo } from "react";
import { columnLabels } from "../../components/column-labels.ts";
import { Notice } from "../../components/Notice.tsx";
import type { OpenedFile, Target } from "./read-csv.ts";

/** Asks what each column of the file is, and which country its numbers are from. */
export function ImportMapping({
  file,
  targets,
  country,
  fields,
  onTargets,
  onCountry,
}: {
  file: OpenedFile;
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
                      {columnLabels[column]}
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

function listNamedCountries(): { code: string; label: string }[] {
  const names = new Intl.DisplayNames(undefined, { type: "region" });
  return listCountries()
    .map(({ code, callingCode }) => ({
      code,
      label: `${names.of(code) ?? code} (+${callingCode})`,
    }))
    .sort((a, b) => a.label.localeCompare(b.label));
}
