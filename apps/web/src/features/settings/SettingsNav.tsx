import { chakra, Stack, Text } from "@chakra-ui/react";
import type { ComponentType } from "react";
import type { IconType } from "react-icons";
import { LuChevronRight } from "react-icons/lu";
import { NavLink } from "react-router";

interface SettingsNavProps {
  /** The address that the parts' own follow. */
  base: string;
  parts: readonly {
    path: string;
    label: string;
    hint: string;
    icon: IconType;
    group: "You" | "Workspace";
    Badge?: ComponentType;
  }[];
  /** Whether the list has the page to itself, as on a phone. */
  isPage: boolean;
}

/** The list of the settings' parts. */
export function SettingsNav({ base, parts, isPage }: SettingsNavProps) {
  const groups = [...new Set(parts.map(({ group }) => group))];
  return (
    <Stack
      as="nav"
      aria-label="Settings"
      gap="5"
      width={{ md: "12.5rem" }}
      flexShrink="0"
      position={{ md: "sticky" }}
      top={{ md: "6" }}
      alignSelf={{ md: "flex-start" }}
    >
      {groups.map((group) => (
        <Stack key={group} gap="1.5">
          <Text fontSize="xs" fontWeight="semibold" color="fg.muted" paddingX="3">
            {group}
          </Text>
          <List data-page={isPage || undefined}>
            {parts
              .filter((part) => part.group === group)
              .map(({ path, label, hint, icon: Icon, Badge }) => (
                <li key={path}>
                  <Item to={`${base}/${path}`} data-page={isPage || undefined}>
                    <Icon size={isPage ? 20 : 17} strokeWidth={1.9} aria-hidden />
                    <span>
                      {label}
                      {isPage && <small>{hint}</small>}
                    </span>
                    {Badge && <Badge />}
                    {isPage && <LuChevronRight size={18} aria-hidden />}
                  </Item>
                </li>
              ))}
          </List>
        </Stack>
      ))}
    </Stack>
  );
}

const List = chakra("ul", {
  base: {
    margin: 0,
    padding: 0,
    listStyle: "none",
    "&[data-page]": {
      overflow: "hidden",
      bg: "bg.panel",
      borderWidth: "1px",
      borderColor: "hairline",
      borderRadius: "panel",
    },
    "&[data-page] > li + li": { borderTopWidth: "1px", borderColor: "hairline" },
  },
});

const Item = chakra(NavLink, {
  base: {
    display: "flex",
    alignItems: "center",
    gap: "2.5",
    minHeight: "34px",
    paddingX: "3",
    borderRadius: "9px",
    "& > svg": { flexShrink: 0, color: "fg.muted" },
    "& > span:first-of-type": { flex: 1, minWidth: 0 },
    "& small": { display: "block", color: "fg.muted", fontSize: "12.5px" },
    _hover: { bg: "sidebar.hover" },
    "&[aria-current=page]": { bg: "bg.emphasized", fontWeight: "semibold" },
    "&[aria-current=page] > svg": { color: "accent.fg" },
    "&[data-page]": { minHeight: "60px", paddingX: "4", borderRadius: "0", gap: "3.5" },
    "&[data-page]:focus-visible": { outlineOffset: "-2px" },
  },
});
