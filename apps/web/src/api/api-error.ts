import { type Problem, problem } from "@livechat/shared";
import type * as z from "zod";

/** The server's refusal, or the reason why no answer came. */
export class ApiError extends Error {
  override name = "ApiError";
  readonly problem: Problem;
  /** 0 when the server could not be reached. */
  readonly status: number;

  constructor(reason: Problem) {
    super(reason.detail ?? reason.title);
    this.problem = reason;
    this.status = reason.status;
  }
}

/** The refusal for a request that got no answer at all. */
export function unreachable(): ApiError {
  return new ApiError({
    type: "about:blank",
    title: "The server cannot be reached",
    status: 0,
    code: "unavailable",
    detail: navigator.onLine
      ? "The server does not answer. Check that it runs, then try again."
      : "You are offline. Try again when the connection is back.",
  });
}

/** What the answer holds, checked; throws {@link ApiError} for a refusal or an answer of another shape. */
export async function readAnswer<S extends z.ZodType>(
  answer: Response,
  schema: S | undefined,
): Promise<z.output<S>> {
  const body: unknown = await answer.json().catch(() => undefined);
  if (!answer.ok) {
    const refusal = problem.safeParse(body);
    if (refusal.success) throw new ApiError(refusal.data);
    if (answer.status === 502 || answer.status === 503 || answer.status === 504)
      throw unreachable();
    throw new ApiError({
      type: "about:blank",
      title: "Something went wrong",
      status: answer.status,
      code: "internal",
      detail: "The server gave an answer that this page does not understand. Try again.",
    });
  }
  if (schema === undefined) return undefined as z.output<S>;
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new ApiError({
    type: "about:blank",
    title: "This page is out of date",
    status: answer.status,
    code: "internal",
    detail: "The server speaks a newer version. Reload the page.",
  });
}
