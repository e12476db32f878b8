import { randomUUID } from "node:crypto";
import type { Request, RequestHandler } from "express";
import type { Logger } from "pino";
import { pinoHttp } from "pino-http";

/** Writes a line per request, and gives each an id that its answer carries as `X-Request-Id`. */
export function logRequests(log: Logger): RequestHandler {
  return pinoHttp({
    logger: log,
    genReqId: (_, response) => {
      // Never the caller's own id: it would write into our log.
      const id = randomUUID();
      response.setHeader("X-Request-Id", id);
      return id;
    },
    customLogLevel: (_, response, error) =>
      error || response.statusCode >= 500 ? "error" : quietly(response.req.url ?? ""),
    serializers: {
      req: (request: { id: string; method: string; url: string }) => ({
        id: request.id,
        method: request.method,
        path: hideTokens(request.url),
      }),
      res: (response: { statusCode: number }) => ({ status: response.statusCode }),
    },
  });
}

/** The id of a request, as its problems and log lines carry it. */
export function findRequestId(request: Request): string | undefined {
  return typeof request.id === "string" ? request.id : undefined;
}

/** The path of an address without anything that opens a door: no query, no token of a link. */
export function hideTokens(url: string): string {
  const [path = ""] = url.split("?");
  return path.replace(/^(\/media|\/invite|\/api\/invites)\/[^/]+/i, "$1/:token");
}

function quietly(url: string): "debug" | "info" {
  return /^\/(healthz|readyz|metrics|assets)/.test(url) ? "debug" : "info";
}
