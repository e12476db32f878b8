import { Box, chakra, Heading, Text } from "@chakra-ui/react";
import { Keys } from "./Keys.tsx";
import { isCharacterKey } from "./match-keys.ts";
import { type Shortcut, shortcutEntries } from "./shortcut-list.ts";

const groups: Shortcut["group"][] = ["Everywhere", "List", "Conversation"];

/** Every shortcut by group; those of a key that types are left out where a person switched them off. */
export function ShortcutTable({ showsCharacterKeys }: { showsCharacterKeys: boolean }) {
  return (
    <Box columnGap="10" css={{ columns: { base: "1", md: "2" } }}>
      {groups.map((group) => (
        <Box as="section" key={group} marginBottom="5" css={{ breakInside: "avoid" }}>
          <Heading as="h3" size="sm" color="fg.muted" marginBottom="1">
            {group}
          </Heading>
          <chakra.dl margin="0">
            {shortcutEntries
              .filter(([, shortcut]) => shortcut.group === group)
              .map(([id, { label, keys }]) => {
                const shown = keys.filter((each) => showsCharacterKeys || !isCharacterKey(each));
                if (shown.length === 0) return null;
                return (
                  <chakra.div
                    key={id}
                    display="flex"
                    justifyContent="space-between"
                    alignItems="center"
                    gap="4"
                    minHeight="34px"
                    borderBottomWidth="1px"
                    borderColor="hairline"
                  >
                    <dt>{label}</dt>
                    <chakra.dd display="flex" gap="2" alignItems="center" margin="0">
                      {shown.map((each, at) => (
                        <chakra.span key={each} display="inline-flex" gap="2" alignItems="center">
                          {at > 0 && (
                            <Text as="span" color="fg.muted" fontSize="xs">
                              or
                            </Text>
                          )}
                          <Keys of={each} />
                        </chakra.span>
                      ))}
                    </chakra.dd>
                  </chakra.div>
                );
              })}
          </chakra.dl>
        </Box>
      ))}
    </Box>
  );
}
