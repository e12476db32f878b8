import { Box, Menu, Portal, Text } from "@chakra-ui/react";
import type { ReactNode } from "react";
import type { IconType } from "react-icons";
import { LuCheck, LuMonitor, LuMoon, LuPlus, LuSun } from "react-icons/lu";
import { Link, useNavigate } from "react-router";
import { Avatar } from "../components/Avatar.tsx";
import { type ColourMode, useColourMode } from "../components/colour-mode.ts";
import { signOut } from "../session/session.ts";
import { useMe, useWorkspace } from "../session/use-session.ts";
import { RailButton, WorkspaceBadge } from "./RailButton.tsx";

/** The menus of the rail. They are loaded once the page stands: nobody opens one before. */
export function RailMenu({ of }: { of: "workspace" | "colours" | "person" }) {
  switch (of) {
    case "workspace":
      return <WorkspaceMenu />;
    case "colours":
      return <ColourModeMenu />;
    case "person":
      return <PersonMenu />;
    default:
      return of satisfies never;
  }
}

function WorkspaceMenu() {
  const me = useMe();
  const workspace = useWorkspace();
  const navigate = useNavigate();
  return (
    <Menu.Root
      lazyMount
      unmountOnExit
      positioning={{ placement: "bottom-start" }}
      onSelect={({ value }) => navigate(value === "new" ? "/welcome" : `/w/${value}`)}
    >
      <Menu.Trigger asChild>
        <RailButton
          type="button"
          aria-label={`Workspace: ${workspace.name}`}
          title={workspace.name}
        >
          <WorkspaceBadge name={workspace.name} />
        </RailButton>
      </Menu.Trigger>
      <MenuPanel>
        <Menu.ItemGroup>
          <Menu.ItemGroupLabel color="fg.muted">Workspaces</Menu.ItemGroupLabel>
          {me.workspaces.map(({ id, name }) => (
            <Menu.Item key={id} value={id}>
              <Text flex="1" truncate>
                {name}
              </Text>
              {id === workspace.id && <LuCheck aria-label="(open)" />}
            </Menu.Item>
          ))}
        </Menu.ItemGroup>
        {me.canCreateWorkspace && (
          <>
            <Menu.Separator />
            <Menu.Item value="new">
              <LuPlus aria-hidden /> New workspace
            </Menu.Item>
          </>
        )}
      </MenuPanel>
    </Menu.Root>
  );
}

const colourModes: { value: ColourMode; label: string; icon: IconType }[] = [
  { value: "system", label: "As the system", icon: LuMonitor },
  { value: "light", label: "Light", icon: LuSun },
  { value: "dark", label: "Dark", icon: LuMoon },
];

function ColourModeMenu() {
  const [mode, setMode] = useColourMode();
  const Icon = colourModes.find(({ value }) => value === mode)?.icon ?? LuMonitor;
  return (
    <Menu.Root lazyMount unmountOnExit positioning={{ placement: "right-end" }}>
      <Menu.Trigger asChild>
        <RailButton type="button" aria-label="Colours" title="Colours">
          <Icon size={20} strokeWidth={1.9} aria-hidden />
        </RailButton>
      </Menu.Trigger>
      <MenuPanel>
        <Menu.RadioItemGroup
          value={mode}
          onValueChange={({ value }) => {
            const chosen = colourModes.find((candidate) => candidate.value === value);
            if (chosen) setMode(chosen.value);
          }}
        >
          {colourModes.map(({ value, label, icon: ModeIcon }) => (
            <Menu.RadioItem key={value} value={value}>
              <ModeIcon aria-hidden />
              {label}
              <Menu.ItemIndicator />
            </Menu.RadioItem>
          ))}
        </Menu.RadioItemGroup>
      </MenuPanel>
    </Menu.Root>
  );
}

function PersonMenu() {
  const me = useMe();
  const workspace = useWorkspace();
  const navigate = useNavigate();
  // The next person to sign in here starts at their own inbox, not at this page.
  const leave = async () => {
    await signOut();
    await navigate("/sign-in", { replace: true });
  };
  return (
    <Menu.Root lazyMount unmountOnExit positioning={{ placement: "right-end" }}>
      <Menu.Trigger asChild>
        <RailButton type="button" aria-label={`Account: ${me.displayName}`} title={me.displayName}>
          <Avatar id={me.userId} name={me.displayName} size={36} />
        </RailButton>
      </Menu.Trigger>
      <MenuPanel>
        <Box paddingX="2" paddingY="1.5" maxWidth="16rem">
          <Text fontWeight="semibold" truncate>
            {me.displayName}
          </Text>
          <Text color="fg.muted" fontSize="sm" truncate>
            {me.email}
          </Text>
        </Box>
        <Menu.Separator />
        <Menu.Item value="scheduled" asChild>
          <Link to={`/w/${workspace.id}/scheduled`}>Scheduled texts</Link>
        </Menu.Item>
        <Menu.Item value="profile" asChild>
          <Link to={`/w/${workspace.id}/settings/profile`}>Profile</Link>
        </Menu.Item>
        <Menu.Item value="sign-out" onSelect={() => void leave()}>
          Sign out
        </Menu.Item>
      </MenuPanel>
    </Menu.Root>
  );
}

function MenuPanel({ children }: { children: ReactNode }) {
  return (
    <Portal>
      <Menu.Positioner>
        <Menu.Content minWidth="13rem" borderRadius="12px">
          {children}
        </Menu.Content>
      </Menu.Positioner>
    </Portal>
  );
}
