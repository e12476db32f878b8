import type { WorkspaceRole } from "@livechat/shared";
import { type Request, type RequestHandler, type Response, Router } from "express";
import { sql } from "kysely";
import * as z from "zod";
import type { Context } from "../context.ts";
import { DomainError } from "../errors.ts";
import type { Caller } from "../platform/tokens.ts";
import { authenticate } from "./authenticate.ts";

/** Who may call: `member` and above need a `workspaceId` among params, query or body. */
export type Access = "public" | "signed_in" | "member" | "admin" | "owner";

/** The caller as a handler sees them. `role` is theirs in the request's workspace. */
export interface AuthorizedCaller extends Caller {
  role: WorkspaceRole | null;
}

type Schema = z.ZodType;
type Parsed<S extends Schema | undefined> = S extends Schema ? z.output<S> : undefined;

export interface EndpointSpec<
  P extends Schema | undefined = Schema | undefined,
  Q extends Schema | undefined = Schema | undefined,
  B extends Schema | undefined = Schema | undefined,
  R extends Schema | undefined = Schema | undefined,
> {
  method: "get" | "post" | "put" | "patch" | "delete";
  /** As Express writes it: `/api/workspaces/:workspaceId/contacts`. */
  path: string;
  summary: string;
  access: Access;
  params?: P;
  query?: Q;
  body?: B;
  /** Absent: 204 without a body. */
  response?: R;
  /** 200 (204 without a response) when absent. */
  status?: number;
}

export interface EndpointInput<
  P extends Schema | undefined,
  Q extends Schema | undefined,
  B extends Schema | undefined,
> {
  params: Parsed<P>;
  query: Parsed<Q>;
  body: Parsed<B>;
  /** Always there unless access is `public`. */
  caller: AuthorizedCaller;
  request: Request;
}

/** A route whose shapes the OpenAPI document and the browser share. */
export interface Endpoint {
  spec: EndpointSpec;
  mount(context: Context, router: Router): void;
}

/** The params of a route below `/api/workspaces/:workspaceId`. */
export const ofWorkspace = z.object({ workspaceId: z.uuid() });

/** The params of a route of one contact, which is one conversation. */
export const ofContact = ofWorkspace.extend({ contactId: z.uuid() });

/** Declares a route: shapes and membership are checked before `answer` runs, errors become problems. */
export function endpoint<
  P extends Schema | undefined = undefined,
  Q extends Schema | undefined = undefined,
  B extends Schema | undefined = undefined,
  R extends Schema | undefined = undefined,
>(
  spec: EndpointSpec<P, Q, B, R>,
  answer: (
    context: Context,
    input: EndpointInput<P, Q, B>,
  ) => Promise<R extends Schema ? z.input<R> : void>,
): Endpoint {
  return {
    spec,
    mount: (context, router) => {
      const run: RequestHandler = async (request: Request, response: Response) => {
        const caller = spec.access === "public" ? anonymous : await authenticate(context, request);
        const params = parsePart("params", spec.params, request.params);
        const query = parsePart("query", spec.query, { ...request.query });
        const body = parsePart("body", spec.body, request.body ?? {});
        const role = needsMembership(spec.access)
          ? await getRole(context, caller, findWorkspaceId(params, query, body), spec.access)
          : null;
        const result = await answer(context, {
          params: params as Parsed<P>,
          query: query as Parsed<Q>,
          body: body as Parsed<B>,
          caller: { ...caller, role },
          request,
        });
        response.set("Cache-Control", "no-store");
        if (!spec.response) response.status(spec.status ?? 204).end();
        else response.status(spec.status ?? 200).json(result);
      };
      router[spec.method](spec.path, run);
    },
  };
}

/** All of these on one router, in order. */
export function mountEndpoints(context: Context, endpoints: readonly Endpoint[]): Router {
  const router = Router();
  for (const each of endpoints) each.mount(context, router);
  return router;
}

const anonymous: Caller = { userId: "", email: "", expiresAt: new Date(0) };

/** The part of a request in its shape. Throws `invalid_request` with every issue. */
export function parsePart(part: string, schema: Schema | undefined, value: unknown): unknown {
  if (!schema) return undefined;
  const parsed = schema.safeParse(lowerIds(value));
  if (parsed.success) return parsed.data;
  throw new DomainError("invalid_request", "Some fields of the request are wrong.", {
    errors: parsed.error.issues.map((issue) => ({
      path: [part, ...issue.path].join("."),
      message: issue.message,
    })),
  });
}

const anyCase = z.guid();

/** Ids as Postgres writes them: they are compared, sealed and signed as text too. */
function lowerIds(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [
      name,
      /^id$|Id$/.test(name) && anyCase.safeParse(field).success
        ? String(field).toLowerCase()
        : field,
    ]),
  );
}

function needsMembership(access: Access): access is "member" | "admin" | "owner" {
  return access === "member" || access === "admin" || access === "owner";
}

function findWorkspaceId(...parts: unknown[]): string {
  for (const part of parts) {
    const parsed = ofWorkspace.safeParse(part);
    if (parsed.success) return parsed.data.workspaceId;
  }
  throw new DomainError("invalid_request", "Name the workspace by its id.", {
    errors: [{ path: "workspaceId", message: "must be a UUID" }],
  });
}

const ranks: Record<WorkspaceRole, number> = { agent: 0, admin: 1, owner: 2 };

/** The caller's role there. Throws `workspace_not_found` for a stranger, `forbidden` for too low a role. */
export async function getRole(
  { database }: Context,
  caller: Caller,
  workspaceId: string,
  access: "member" | "admin" | "owner",
): Promise<WorkspaceRole> {
  const { rows } = await database.asMember(caller.userId, (trx) =>
    sql<{ role: WorkspaceRole | null }>`select private.my_role(${workspaceId}) as role`.execute(
      trx,
    ),
  );
  const role = rows[0]?.role;
  // A stranger must not learn whether the workspace exists.
  if (!role) throw new DomainError("workspace_not_found", "There is no such workspace for you.");
  const needed = access === "member" ? "agent" : access;
  if (ranks[role] < ranks[needed]) {
    throw new DomainError("forbidden", `Only an ${needed} of this workspace can do that.`);
  }
  return role;
}
