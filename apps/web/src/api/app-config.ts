import { type AppConfig, appConfig } from "@livechat/shared";
import { readAnswer, unreachable } from "./api-error.ts";

let loading: Promise<AppConfig> | undefined;

/** What the server says of itself before anyone signs in; asked once, again after a failure. Throws ApiError. */
export function loadAppConfig(): Promise<AppConfig> {
  loading ??= request().catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

/** Asks again next time: signing up may have closed or opened meanwhile. */
export function forgetAppConfig(): void {
  loading = undefined;
}

async function request(): Promise<AppConfig> {
  const answer = await fetch("/api/config").catch(() => {
    throw unreachable();
  });
  return readAnswer(answer, appConfig);
}
