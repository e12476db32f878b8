import { ChakraProvider } from "@chakra-ui/react";
import createCache from "@emotion/cache";
import { CacheProvider } from "@emotion/react";
import { QueryClientProvider } from "@tanstack/react-query";
import { BrowserRouter } from "react-router";
import { AfterFirstPaint } from "../components/AfterFirstPaint.tsx";
// Follows the device's colours on every page, also where nothing offers a choice.
import "../components/colour-mode.ts";
import { late } from "../components/late.tsx";
import { queryClient } from "./query-client.ts";
import { AppRoutes } from "./router.tsx";
import { SessionGate } from "./SessionGate.tsx";
import { system } from "./theme.ts";

const ToastRegion = late(async () => (await import("../components/ToastRegion.tsx")).ToastRegion);
const emotionCache = createCache({ key: "css", nonce: readNonce() });

/** The whole application. */
export function App() {
  return (
    <CacheProvider value={emotionCache}>
      <ChakraProvider value={system}>
        <QueryClientProvider client={queryClient}>
          <BrowserRouter>
            <SessionGate>
              <AppRoutes />
            </SessionGate>
          </BrowserRouter>
          <AfterFirstPaint>
            <ToastRegion />
          </AfterFirstPaint>
        </QueryClientProvider>
      </ChakraProvider>
    </CacheProvider>
  );
}

/** The server writes one into the page for each request; `vite dev` has no such rule and leaves the placeholder. */
function readNonce(): string | undefined {
  const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content;
  return nonce && nonce !== "__CSP_NONCE__" ? nonce : undefined;
}
