import { Box, chakra, Text } from "@chakra-ui/react";
import { useState } from "react";
import { LuFileSpreadsheet } from "react-icons/lu";

/** Takes a file by a click, a key or a drop. */
export function ImportFileChoice({ onChoose }: { onChoose(file: File | undefined): void }) {
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
