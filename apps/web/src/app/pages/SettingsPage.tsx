import { Box, Flex, Heading, Stack, Text } from "@chakra-ui/react";
import { Suspense } from "react";
import { LuChevronLeft } from "react-icons/lu";
import { Link, Navigate, Route, Routes, useParams } from "react-router";
import { ErrorBoundary } from "../../components/ErrorBoundary.tsx";
import { PageSpinner } from "../../components/PageSpinner.tsx";
import { UnsavedGuard } from "../../components/UnsavedGuard.tsx";
import { useMediaQuery } from "../../components/use-media-query.ts";
import { SettingsNav } from "../../features/settings/SettingsNav.tsx";
import { useWorkspace } from "../../session/use-session.ts";
import { NotFoundPage } from "./NotFoundPage.tsx";
import { settingsParts } from "./settings/sections.ts";

/** The settings: a list of parts beside the open one; on a phone the list first, then the part. */
export function SettingsPage() {
  const workspace = useWorkspace();
  const isPhone = useMediaQuery("(max-width: 767px)");
  const part = useParams()["*"];
  const base = `/w/${workspace.id}/settings`;
  const mayManage = workspace.role !== "agent";
  const parts = settingsParts.filter(({ needsAdmin }) => mayManage || !needsAdmin);
  const showsList = !isPhone || !part;
  return (
    <Box height="100%" overflowY="auto" bg="bg.subtle">
      <UnsavedGuard />
      <Stack
        maxWidth="62rem"
        marginX="auto"
        paddingX={{ base: "4", md: "8" }}
        paddingY={{ base: "4", md: "10" }}
        gap={{ base: "4", md: "6" }}
      >
        {isPhone && part ? (
          <Box>
            <Heading as="h1" srOnly>
              Settings
            </Heading>
            <Link to={base}>
              <Flex
                as="span"
                display="inline-flex"
                align="center"
                minHeight="44px"
                color="accent.fg"
                fontSize="md"
              >
                <LuChevronLeft size={22} aria-hidden />
                Settings
              </Flex>
            </Link>
          </Box>
        ) : (
          <Stack gap="1">
            <Heading as="h1" size="3xl" letterSpacing="-0.025em">
              Settings
            </Heading>
            <Text color="fg.muted">
              <bdi>{workspace.name}</bdi>
              {!mayManage && " · You can look; admins can change things."}
            </Text>
          </Stack>
        )}
        <Flex direction={{ base: "column", md: "row" }} gap={{ base: "5", md: "8" }}>
          {showsList && <SettingsNav base={base} parts={parts} isPage={isPhone} />}
          {(part || !isPhone) && (
            <Stack flex="1" minWidth="0" gap="8" maxWidth="42rem">
              <ErrorBoundary resetKey={part ?? ""}>
                <Suspense fallback={<PageSpinner />}>
                  <Routes>
                    <Route index element={<Navigate to="workspace" replace />} />
                    <Route path="members" element={<Navigate to="../people" replace />} />
                    {parts.map(({ path, Page }) => (
                      <Route key={path} path={path} element={<Page key={workspace.id} />} />
                    ))}
                    <Route path="*" element={<NotFoundPage />} />
                  </Routes>
                </Suspense>
              </ErrorBoundary>
            </Stack>
          )}
        </Flex>
      </Stack>
    </Box>
  );
}
