import { Box, chakra, Flex } from "@chakra-ui/react";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, Suspense, useEffect } from "react";
import type { IconType } from "react-icons";
import {
  LuCalendarClock,
  LuContactRound,
  LuMessageCircle,
  LuSettings,
  LuSmartphone,
} from "react-icons/lu";
import { NavLink, Outlet, useParams, useSearchParams } from "react-router";
import { twilioConfigQuery } from "../api/twilio-queries.ts";
import { AfterFirstPaint } from "../components/AfterFirstPaint.tsx";
import { Avatar } from "../components/Avatar.tsx";
import { late } from "../components/late.tsx";
import { mergeParams } from "../components/merge-params.ts";
import { usePaneCycle } from "../components/use-pane-cycle.ts";
import { Notifier } from "../features/notifications/Notifier.tsx";
import { QuarantineBadge } from "../features/quarantine/QuarantineBadge.tsx";
import { LineDot } from "../features/twilio/LineDot.tsx";
import { InboxProvider } from "../realtime/use-inbox.tsx";
import { useMe, useWorkspace } from "../session/use-session.ts";
import { Commands } from "./Commands.tsx";
import { ConnectionBanner } from "./ConnectionBanner.tsx";
import { configQuery } from "./config-query.ts";
import { keepLastWorkspace } from "./last-workspace.ts";
import { NewVersionBanner } from "./NewVersionBanner.tsx";
import { NotFoundPage } from "./pages/NotFoundPage.tsx";
import { RailButton, WorkspaceBadge } from "./RailButton.tsx";
import { SendingBanner } from "./SendingBanner.tsx";

const MergeDialogs = late(
  async () => (await import("../features/merge/MergeDialogs.tsx")).MergeDialogs,
);
const RailMenu = late(async () => (await import("./RailMenus.tsx")).RailMenu);

/** The rail beside (on a phone: the bar below) every page of one workspace. */
export function WorkspaceFrame() {
  const { workspaceId, contactId } = useParams();
  const me = useMe();
  const workspace = me.workspaces.find(({ id }) => id === workspaceId);
  usePaneCycle();
  useEffect(() => {
    if (workspace) keepLastWorkspace(workspace.id);
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
        <Notifier title={`${workspace.name} · Livechat SMS`} />
        <MergePlace />
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
          <SendingBanner />
          <Box flex="1" minHeight="0" minWidth="0" position="relative">
            <Outlet />
          </Box>
        </Box>
      </Flex>
    </InboxProvider>
  );
}

/** Where a page asks for a merge, by its address, the dialogs come in. */
function MergePlace() {
  const [params] = useSearchParams();
  if (!params.has(mergeParams.contact) && !params.has(mergeParams.duplicates)) return null;
  return (
    <Suspense fallback={null}>
      <MergeDialogs />
    </Suspense>
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
  const me = useMe();
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
      <LateMenu of="workspace">
        <WorkspaceBadge name={workspace.name} />
      </LateMenu>
      <Box height="2" hideBelow="md" />
      <RailLink to={base} label="Inbox" icon={LuMessageCircle} isInbox />
      <RailLink to={`${base}/contacts`} label="Contacts" icon={LuContactRound} />
      {/* A phone's bar has no room for it: there the account's menu leads to it. */}
      <Box hideBelow="md">
        <RailLink to={`${base}/scheduled`} label="Scheduled" icon={LuCalendarClock} />
      </Box>
      {connection.data?.isSimulated && (
        <RailLink to={`${base}/simulator`} label="Simulator" icon={LuSmartphone} />
      )}
      <RailLink
        to={`${base}/settings`}
        label="Settings"
        icon={LuSettings}
        badge={
          workspace.role !== "agent" && (
            <>
              <QuarantineBadge />
              <LineDot />
            </>
          )
        }
      />
      <Box flex="1" hideBelow="md" />
      {/* A phone's bar has room for where to go; the colours are in the settings as well. */}
      <Box hideBelow="md">
        <LateMenu of="colours" />
      </Box>
      <LateMenu of="person">
        <Avatar id={me.userId} name={me.displayName} size={36} />
      </LateMenu>
    </Flex>
  );
}

/** A menu whose code comes after the inbox; until then its place is held. */
function LateMenu({
  of,
  children,
}: {
  of: "workspace" | "colours" | "person";
  children?: ReactNode;
}) {
  const place = (
    <RailButton as="span" aria-hidden>
      {children}
    </RailButton>
  );
  return (
    <AfterFirstPaint fallback={place}>
      <RailMenu of={of} />
    </AfterFirstPaint>
  );
}

interface RailLinkProps {
  to: string;
  label: string;
  icon: IconType;
  isInbox?: boolean;
  badge?: ReactNode;
}

function RailLink({ to, label, icon: Icon, isInbox = false, badge }: RailLinkProps) {
  const { contactId } = useParams();
  const isOpenConversation = isInbox && contactId !== undefined;
  return (
    <NavLink to={to} end={isInbox}>
      {({ isActive }) => (
        <RailItem isActive={isActive || isOpenConversation} label={label}>
          <Box as="span" position="relative">
            <Icon size={21} strokeWidth={1.9} aria-hidden />
            {badge && (
              <Box as="span" position="absolute" top="-7px" left="13px">
                {badge}
              </Box>
            )}
          </Box>
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
