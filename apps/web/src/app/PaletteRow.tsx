import { Box, Flex, Text } from "@chakra-ui/react";
import { Keys } from "../components/shortcuts/Keys.tsx";
import type { Choice } from "./use-palette-choices.tsx";

/** One line of the palette. */
export function PaletteRow({
  id,
  choice,
  isActive,
  onPoint,
  onChoose,
}: {
  id: string;
  choice: Choice;
  isActive: boolean;
  onPoint(): void;
  onChoose(): void;
}) {
  const { icon: Icon } = choice;
  return (
    <Flex
      id={id}
      role="option"
      aria-selected={isActive}
      align="center"
      gap="3"
      minHeight="38px"
      paddingX="3"
      borderRadius="9px"
      cursor="pointer"
      bg={isActive ? "accent.subtle" : undefined}
      onPointerMove={() => !isActive && onPoint()}
      onClick={onChoose}
      css={{ "& mark": { bg: "transparent", color: "accent.fg", fontWeight: "semibold" } }}
    >
      <Box color={isActive ? "accent.fg" : "fg.muted"} flexShrink="0">
        <Icon size={17} aria-hidden />
      </Box>
      <Text flex="1" minWidth="0" truncate dir="auto">
        {choice.label}
      </Text>
      {choice.hint && (
        <Text color="fg.muted" fontSize="sm" maxWidth="40%" truncate dir="auto">
          {choice.hint}
        </Text>
      )}
      {choice.keys && <Keys of={choice.keys} />}
    </Flex>
  );
}
