import { type RequestHandler, Router } from "express";
import { sql } from "kysely";
import { collectDefaultMetrics, Histogram, Registry } from "prom-client";
import type { Context } from "../context.ts";
import { DomainError } from "../errors.ts";

const patienceMs = 2000;

/** What a supervisor asks: is the process alive, may it get traffic, how does it do. */
export function healthRoutes({ database }: Context, isClosing: () => boolean): Router {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const durations = new Histogram({
    name: "http_request_duration_seconds",
    help: "Time from a request's arrival to the end of its answer.",
    labelNames: ["method", "route", "status"],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [registry],
  });
  const measure: RequestHandler = (request, response, next) => {
    const stop = durations.startTimer();
    response.once("finish", () => {
      // The pattern, never the address itself: ids would make endless series.
      const route: unknown = request.route?.path;
      stop({
        method: request.method,
        route: typeof route === "string" ? route : "other",
        status: String(response.statusCode),
      });
    });
    next();
  };

  const router = Router();
  router.use(measure);
  router.get("/healthz", (_, response) => {
    response.json({ status: "ok" });
  });
  router.get("/readyz", async (_, response) => {
    if (isClosing()) throw new DomainError("unavailable", "The server is shutting down.");
    await inTime(sql`select 1`.execute(database.kysely));
    response.json({ status: "ok" });
  });
  router.get("/metrics", async (_, response) => {
    response.type(registry.contentType).send(await registry.metrics());
  });
  return router;
}

async function inTime(work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer in ${patienceMs} ms`)), patienceMs);
  });
  try {
    await Promise.race([work, late]);
  } catch (error) {
    throw new DomainError("unavailable", "The database does not answer.", { cause: error });
  } finally {
    clearTimeout(timer);
  }
}
