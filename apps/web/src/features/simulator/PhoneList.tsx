import { Box, Button, chakra, Flex, Stack, Text } from "@chakra-ui/react";
import { formatAddress, type SimulatorState } from "@livechat/shared";
import { LuPlus } from "react-icons/lu";
import { Avatar } from "../../components/Avatar.tsx";
import type { SimulatedPhone } from "./simulated-phones.ts";

interface PhoneListProps {
  phones: SimulatedPhone[];
  messages: SimulatorState["messages"];
  selected: string;
  onSelect: (number: string) => void;
  onAdd: () => void;
}

/** The simulated people, each with the last thing on their phone. */
export function PhoneList({ phones, messages, selected, onSelect, onAdd }: PhoneListProps) {
  const last = new Map(messages.map((message) => [message.phone, message]));
  return (
    <Stack gap="3" minWidth="0">
      <Flex justify="space-between" align="center" gap="3">
        <Text fontWeight="semibold" color="fg.muted">
          Phones
        </Text>
        <Button size="sm" variant="outline" onClick={onAdd}>
          <LuPlus aria-hidden /> New phone
        </Button>
      </Flex>
      <Flex
        as="ul"
        aria-label="Simulated phones"
        listStyleType="none"
        direction={{ base: "row", md: "column" }}
        gap="1"
        overflowX={{ base: "auto", md: "visible" }}
        paddingY="1"
      >
        {phones.map(({ number, name }) => {
          const isSelected = number === selected;
          const preview = last.get(number);
          return (
            <Box as="li" key={number} flexShrink="0">
              <chakra.button
                type="button"
                aria-pressed={isSelected}
                onClick={() => onSelect(number)}
                display="flex"
                gap="3"
                alignItems="center"
                width={{ base: "14rem", md: "100%" }}
                textAlign="start"
                paddingX="3"
                paddingY="2.5"
                borderRadius="12px"
                cursor="pointer"
                bg={isSelected ? "sidebar.selected" : "transparent"}
                color={isSelected ? "sidebar.selectedFg" : "fg"}
                transition="background-color 120ms"
                _hover={{ bg: isSelected ? undefined : "sidebar.hover" }}
              >
                <Avatar id={number} name={name} size={40} />
                <Box minWidth="0" flex="1">
                  <Text fontWeight="semibold" truncate>
                    {name ?? formatAddress(number)}
                  </Text>
                  <Text fontSize="13px" truncate color={isSelected ? "inherit" : "fg.muted"}>
                    {preview
                      ? preview.body || "Picture"
                      : name
                        ? formatAddress(number)
                        : "No texts yet"}
                  </Text>
                </Box>
              </chakra.button>
            </Box>
          );
        })}
      </Flex>
    </Stack>
  );
}
