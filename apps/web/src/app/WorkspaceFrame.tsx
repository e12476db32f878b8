import { Box, chakra, Flex, Menu, Portal, Text } from "@chakra-ui/react";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect } from "react";
import type { IconType } from "react-icons";
import {
  LuCheck,
  LuChevronsUpDown,
  LuMessageCircle,
  LuMonitor,
  LuMoon,
  LuPlus,
  LuSettings,
  LuSmartphone,
  LuSun,
} from "react-icons/lu";
import { Link, NavLink, Outlet, useNavigate, useParams } from "react-router";
import { type ColourMode, useColourMode } from "../components/colour-mode.ts";
import { Initials } from "../components/Initials.tsx";
import { usePaneCycle } from "../components/use-pane-cycle.ts";
import { Notifier } from "../features/notifications/Notifier.tsx";
import { twilioConfigQuery } from "../features/twilio/twilio-queries.ts";
import { InboxProvider } from "../realtime/use-inbox.tsx";
import { signOut } from "../session/session.ts";
import { useMe, useWorkspace } from "../session/use-session.ts";
import { Commands } from "./Commands.tsx";
import { ConnectionBanner } from "./ConnectionBanner.tsx";
import { configQuery } from "./config-query.ts";
import { keepLastWorkspace } from "./last-workspace.ts";
import { NewVersionBanner } from "./NewVersionBanner.tsx";
import { NotFoundPage } from "./pages/NotFoundPage.tsx";

/** The rail beside (on a phone: the bar below) every page of one workspace. */
export function WorkspaceFrame() {
  const { workspaceId, contactId } = useParams();
  const me = useMe();
  const workspace = me.workspaces.find(({ id }) => id === workspaceId);
  usePaneCycle();
  useEffect(() => {
    if (!workspace) return;
    keepLastWorkspace(workspace.id);
    document.title = `${workspace.name} · Livechat SMS`;
  }, [workspace]);
  if (!workspace) return <NotFoundPage />;
  return (
    <InboxProvider key={workspace.id} userId={me.userId} workspaceId={workspace.id}>
      <Flex
        direction={{ base: "column-reverse", md: "row" }}
        height="100dvh"
        overflow="hidden"
        paddingLeft="env(safe-area-inset-left)"
        paddingRight="env(safe-area-inset-right)"
      >
        <SkipLink />
        <Commands />
        <Notifier />
        <Rail isHiddenOnPhone={contactId !== undefined} />
        <Box
          as="main"
          id="main"
          tabIndex={-1}
          outline="none"
          flex="1"
          minWidth="0"
          minHeight="0"
          position="relative"
          display="flex"
          flexDirection="column"
        >
          <ConnectionBanner />
          <NewVersionBanner />
          <Box flex="1" minHeight="0" minWidth="0" position="relative">
            <Outlet />
          </Box>
        </Box>
      </Flex>
    </InboxProvider>
  );
}

function SkipLink() {
  return (
    <chakra.a
      href="#main"
      position="absolute"
      left="2"
      top="-12"
      zIndex="skipNav"
      paddingX="3"
      paddingY="2"
      borderRadius="md"
      bg="accent.solid"
      color="accent.contrast"
      _focusVisible={{ top: "2" }}
    >
      Skip to the page
    </chakra.a>
  );
}

function Rail({ isHiddenOnPhone }: { isHiddenOnPhone: boolean }) {
  const workspace = useWorkspace();
  const isSimulatorOn = useQuery(configQuery).data?.isSimulatorOn ?? false;
  const connection = useQuery({
    ...twilioConfigQuery(workspace.id),
    enabled: isSimulatorOn && workspace.twilioConnected,
  });
  const base = `/w/${workspace.id}`;
  return (
    <Flex
      as="nav"
      aria-label="Main"
      data-pane=""
      layerStyle="sidebar"
      display={isHiddenOnPhone ? { base: "none", md: "flex" } : "flex"}
      direction={{ base: "row", md: "column" }}
      align="center"
      justify={{ base: "space-around", md: "flex-start" }}
      gap={{ base: "0", md: "1" }}
      flexShrink="0"
      width={{ base: "100%", md: "72px" }}
      paddingX={{ base: "2", md: "0" }}
      paddingTop={{ base: "1", md: "3" }}
      paddingBottom={{ base: "calc(env(safe-area-inset-bottom) + 4px)", md: "3" }}
      borderColor="hairline"
      borderTopWidth={{ base: "1px", md: "0" }}
      borderRightWidth={{ base: "0", md: "1px" }}
      zIndex="docked"
    >
      <WorkspaceMenu />
      <Box height="2" hideBelow="md" />
      <RailLink to={base} label="Inbox" icon={LuMessageCircle} isInbox />
      {connection.data?.isSimulated && (
        <RailLink to={`${base}/simulator`} label="Simulator" icon={LuSmartphone} />
      )}
      <RailLink to={`${base}/settings`} label="Settings" icon={LuSettings} />
      <Box flex="1" hideBelow="md" />
      <ColourModeMenu />
      <PersonMenu />
    </Flex>
  );
}

interface RailLinkProps {
  to: string;
  label: string;
  icon: IconType;
  isInbox?: boolean;
}

function RailLink({ to, label, icon: Icon, isInbox = false }: RailLinkProps) {
  const { contactId } = useParams();
  const isOpenConversation = isInbox && contactId !== undefined;
  return (
    <NavLink to={to} end={isInbox}>
      {({ isActive }) => (
        <RailItem isActive={isActive || isOpenConversation} label={label}>
          <Icon size={21} strokeWidth={1.9} aria-hidden />
        </RailItem>
      )}
    </NavLink>
  );
}

function RailItem({
  isActive,
  label,
  children,
}: {
  isActive: boolean;
  label: string;
  children: ReactNode;
}) {
  return (
    <chakra.span
      display="flex"
      flexDirection="column"
      alignItems="center"
      justifyContent="center"
      gap="0.5"
      width="60px"
      height="48px"
      borderRadius="12px"
      fontSize="10.5px"
      fontWeight="medium"
      lineHeight="1.2"
      color={isActive ? "accent.fg" : "fg.muted"}
      bg={{ base: "transparent", md: isActive ? "accent.subtle" : "transparent" }}
      transition="background-color 120ms, color 120ms"
      _hover={{ bg: isActive ? undefined : "sidebar.hover" }}
    >
      {children}
      {label}
    </chakra.span>
  );
}

const RailButton = chakra("button", {
  base: {
    display: "grid",
    placeItems: "center",
    minWidth: "44px",
    height: "44px",
    borderRadius: "12px",
    color: "fg.muted",
    cursor: "pointer",
    transition: "background-color 120ms",
    _hover: { bg: "sidebar.hover" },
  },
});

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
          <Box position="relative">
            <Initials name={workspace.name} shape="square" />
            <Box
              position="absolute"
              right="-4px"
              bottom="-4px"
              padding="1px"
              borderRadius="full"
              bg="bg.panel"
              color="fg.muted"
              borderWidth="1px"
              borderColor="hairline"
              aria-hidden
            >
              <LuChevronsUpDown size={10} />
            </Box>
          </Box>
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
          <Initials name={me.displayName} shape="round" />
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
