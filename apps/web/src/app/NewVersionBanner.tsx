import { Box } from "@chakra-ui/react";
import { useInboxPart } from "../realtime/use-inbox.tsx";
import { Banner, BannerButton } from "./Banner.tsx";
import { loadNewVersion } from "./service-worker.ts";

/** Offers the newer screens when the server has some. Nothing reloads by itself: someone may be writing. */
export function NewVersionBanner() {
  const serverBuild = useInboxPart((snapshot) => snapshot.serverBuild);
  const isNewer = serverBuild !== null && ownBuild !== null && serverBuild !== ownBuild;
  return (
    <Box role="status" flexShrink="0">
      {isNewer && (
        <Banner tone="accent">
          A new version is ready. What you have begun to write is kept.
          <BannerButton type="button" onClick={() => void loadNewVersion()}>
            Reload
          </BannerButton>
        </Banner>
      )}
    </Box>
  );
}

const ownBuild = readOwnBuild();

/** The server writes it into the page; `vite dev` has none and leaves the placeholder. */
function readOwnBuild(): string | null {
  const build = document.querySelector<HTMLMetaElement>('meta[name="build"]')?.content;
  return build && build !== "__BUILD__" ? build : null;
}
