import express, { type Express, type RequestHandler, type Router } from "express";
import type { Context } from "../context.ts";
import { type Endpoint, mountEndpoints } from "./endpoint.ts";
import { healthRoutes } from "./health.routes.ts";
import { logRequests } from "./log-requests.ts";
import { openapiRoutes } from "./openapi.ts";
import { answerProblems, refuseUnknown } from "./problem-handler.ts";
import { limitCallers, limitWebhooks } from "./rate-limit.ts";
import { setSecurityHeaders } from "./security-headers.ts";
import { webApp } from "./web-app.ts";

export interface AppParts {
  version: string;
  endpoints: readonly Endpoint[];
  /** Take Twilio's forms, so they come before anything reads a body as JSON. */
  webhooks: readonly Router[];
  /** Read their own bodies too, but for browsers. */
  binaries: readonly Router[];
  /** Null where Supabase itself signs people in. */
  signIn: Router | null;
  /** True once the server has been told to stop. */
  isClosing(): boolean;
}

/** The whole HTTP side: every route, and what surrounds each of them. */
export function createApp(context: Context, parts: AppParts): Express {
  const app = express();
  app.disable("x-powered-by");
  app.set("etag", false);
  app.set("query parser", "simple");
  // A proxy on the same machine or network tells the caller's own address.
  app.set("trust proxy", "loopback, linklocal, uniquelocal");

  app.use(logRequests(context.log));
  app.use(setSecurityHeaders(context.config));
  app.use(healthRoutes(context, parts.isClosing));

  app.use("/api/twilio/webhook", limitWebhooks());
  app.use("/api/twilio/status", limitWebhooks());
  for (const router of parts.webhooks) app.use(router);

  app.use(["/api", "/auth", "/media"], limitCallers());
  if (parts.signIn) app.use(parts.signIn);
  for (const router of parts.binaries) app.use(router);

  app.use("/api", readJson(context.config.isSimulatorOn));
  app.use(mountEndpoints(context, parts.endpoints));
  app.use(openapiRoutes(parts.endpoints, parts.version));
  app.use(webApp());
  app.use(refuseUnknown);
  app.use(answerProblems(context.log));
  return app;
}

function readJson(isSimulatorOn: boolean): RequestHandler {
  const usual = express.json({ limit: "256kb" });
  const withPictures = express.json({ limit: "20mb" });
  return (request, response, next) => {
    const isSimulatedText = isSimulatorOn && request.path.endsWith("/simulator/texts");
    return (isSimulatedText ? withPictures : usual)(request, response, next);
  };
}
