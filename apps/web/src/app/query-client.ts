import { QueryClient } from "@tanstack/react-query";
import { ApiError } from "../api/client.ts";

/** Everything that the pages have read from the server. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      // A refusal stays a refusal; only no answer at all is worth another try.
      retry: (failures, error) =>
        failures < 2 && (!(error instanceof ApiError) || error.status === 0 || error.status >= 500),
      retryDelay: (failures) => Math.min(500 * 2 ** failures, 4000),
      // Our server may be on this machine: that a browser is offline does not say that it is away.
      networkMode: "always",
    },
    mutations: { networkMode: "always" },
  },
});
