import { queryOptions } from "@tanstack/react-query";
import { loadAppConfig } from "../api/app-config.ts";

/** What the server says of itself before anyone signs in. */
export const configQuery = queryOptions({
  queryKey: ["config"],
  queryFn: loadAppConfig,
  staleTime: Number.POSITIVE_INFINITY,
});
