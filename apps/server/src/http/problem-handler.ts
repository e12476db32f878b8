import type { ErrorRequestHandler, RequestHandler } from "express";
import type { Logger } from "pino";
import { DomainError } from "../errors.ts";
import { findRequestId } from "./log-requests.ts";
import { presentProblem, toDomainError } from "./present-problem.ts";

/** Answers every error as `application/problem+json`, and logs those that are our fault. */
export function answerProblems(log: Logger): ErrorRequestHandler {
  return (error, request, response, next) => {
    const known = toDomainError(error);
    const problem = presentProblem(known, findRequestId(request));
    if (known.code === "internal") {
      log.error({ err: known.cause ?? known, requestId: problem.requestId }, "a request failed");
    } else if (problem.status >= 500) {
      log.warn({ err: known.cause ?? known, requestId: problem.requestId }, known.detail);
    }
    if (response.headersSent) {
      next(error);
      return;
    }
    if (known.facts.retryAfterSeconds) {
      response.set("Retry-After", String(Math.ceil(known.facts.retryAfterSeconds)));
    }
    if (problem.status === 401) response.set("WWW-Authenticate", "Bearer");
    response
      .status(problem.status)
      .set("Cache-Control", "no-store")
      .type("application/problem+json")
      // `msg` and `error_code` are what supabase-js reads of a refused sign-in.
      .send(
        JSON.stringify(
          request.path.startsWith("/auth/")
            ? { ...problem, msg: known.detail, error_code: known.code }
            : problem,
        ),
      );
  };
}

/** Refuses what no route has taken. */
export const refuseUnknown: RequestHandler = (request) => {
  throw new DomainError("not_found", `There is nothing at ${request.method} ${request.path}.`);
};
