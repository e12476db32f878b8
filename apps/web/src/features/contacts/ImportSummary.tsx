import { Box, Button, chakra, Flex, Grid, Stack, Text } from "@chakra-ui/react";
import type { ImportColumn } from "@livechat/shared";
import { LuDownload } from "react-icons/lu";
import { saveFile } from "../../api/download-file.ts";
import { columnLabels } from "../../components/column-labels.ts";
import type { OpenedFile } from "./read-csv.ts";
import type { ImportResult } from "./run-import.ts";
import { writeErrors } from "./write-errors.ts";

/** How many contacts an import adds and changes, and which rows it can't take, with the reasons. */
export function ImportSummary({
  title,
  summary,
  file,
  isDone = false,
}: {
  title: string;
  summary: ImportResult;
  file: OpenedFile | null;
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
                        `${columnLabels[column as ImportColumn] ?? column} ${reason}`,
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
