import type * as z from "zod";
import { getAccessToken, renewAccessToken } from "../session/session.ts";
import { readAnswer, unreachable } from "./api-error.ts";

export { ApiError } from "./api-error.ts";

interface ApiRequest<S extends z.ZodType> {
  method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** From the root, e.g. `/api/me`. */
  path: string;
  query?: Record<string, string | number | boolean | null | undefined>;
  /** Sent as JSON, but for a Blob, which is sent as it is. */
  body?: unknown;
  headers?: Record<string, string>;
  /** The shape of the answer; without it the answer is dropped. */
  response?: S;
  signal?: AbortSignal;
}

/**
 * Asks the server in the name of whoever is signed in, with a renewed token when
 * the old one has run out. Throws ApiError for a refusal and for no answer, and
 * the signal's reason when it is aborted.
 */
export async function apiRequest<S extends z.ZodType>(
  request: ApiRequest<S>,
): Promise<z.output<S>> {
  const token = await getAccessToken();
  const answer = await send(request, token);
  if (answer.status !== 401 || token === null) return readAnswer(answer, request.response);
  const renewed = await renewAccessToken(token);
  if (renewed === null || renewed === token) return readAnswer(answer, request.response);
  return readAnswer(await send(request, renewed), request.response);
}

/**
 * A file, asked for as {@link apiRequest} asks, and held whole: for what a person
 * saves. Throws ApiError.
 */
export async function apiBlob(path: string): Promise<Blob> {
  const token = await getAccessToken();
  let answer = await send({ path }, token);
  if (answer.status === 401 && token !== null) {
    answer = await send({ path }, await renewAccessToken(token));
  }
  if (!answer.ok) await readAnswer(answer, undefined);
  return answer.blob();
}

async function send<S extends z.ZodType>(
  request: ApiRequest<S>,
  token: string | null,
): Promise<Response> {
  const headers = new Headers(request.headers);
  headers.set("accept", "application/json");
  if (token !== null) headers.set("authorization", `Bearer ${token}`);
  let body: BodyInit | undefined;
  if (request.body instanceof Blob) body = request.body;
  else if (request.body !== undefined) {
    body = JSON.stringify(request.body);
    headers.set("content-type", "application/json");
  }
  try {
    return await fetch(withQuery(request.path, request.query), {
      method: request.method ?? "GET",
      headers,
      body,
      signal: request.signal,
    });
  } catch (error) {
    if (request.signal?.aborted) throw error;
    throw unreachable();
  }
}

function withQuery(path: string, query: ApiRequest<z.ZodType>["query"]): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== null && value !== undefined) search.set(name, String(value));
  }
  return search.size === 0 ? path : `${path}?${search}`;
}
