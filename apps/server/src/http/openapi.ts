import { problem } from "@livechat/shared";
import { Router } from "express";
import * as z from "zod";
import {
  createDocument,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathsObject,
} from "zod-openapi";
import type { Endpoint, EndpointSpec } from "./endpoint.ts";

/** The API's description, made from the schemas that check it: `/api/openapi.json`, and a page to read it. */
export function openapiRoutes(endpoints: readonly Endpoint[], version: string): Router {
  const specs = endpoints.map(({ spec }) => spec);
  let document: ReturnType<typeof describeApi> | undefined;
  const router = Router();
  router.get("/api/openapi.json", (_, response) => {
    document ??= describeApi(specs, version);
    response.json(document);
  });
  router.get("/api/docs", (_, response) => {
    response.type("html").send(renderPage(specs, version, String(response.locals.cspNonce)));
  });
  return router;
}

function describeApi(specs: readonly EndpointSpec[], version: string) {
  const paths: ZodOpenApiPathsObject = {};
  for (const spec of specs) {
    const path = spec.path.replaceAll(/:(\w+)/g, "{$1}");
    paths[path] = { ...paths[path], [spec.method]: describeOperation(spec) };
  }
  return createDocument({
    openapi: "3.1.0",
    info: { title: "Livechat SMS", version, description: "A shared inbox for text messages." },
    paths,
    components: {
      securitySchemes: { session: { type: "http", scheme: "bearer", bearerFormat: "JWT" } },
    },
  });
}

function describeOperation(spec: EndpointSpec): ZodOpenApiOperationObject {
  const { params, query } = spec;
  const status = String(spec.status ?? (spec.response ? 200 : 204));
  return {
    summary: spec.summary,
    description: accessNotes[spec.access],
    security: spec.access === "public" ? [] : [{ session: [] }],
    requestParams: {
      ...(params instanceof z.ZodObject ? { path: params } : {}),
      ...(query instanceof z.ZodObject ? { query } : {}),
    },
    ...(spec.body
      ? { requestBody: { required: true, content: { "application/json": { schema: spec.body } } } }
      : {}),
    responses: {
      [status as "200"]: spec.response
        ? { description: "Done.", content: { "application/json": { schema: spec.response } } }
        : { description: "Done; nothing to tell." },
      default: {
        description: "Refused, with a reason.",
        content: { "application/problem+json": { schema: problem } },
      },
    },
  };
}

const accessNotes: Record<EndpointSpec["access"], string> = {
  public: "Open to everyone.",
  signed_in: "For everyone who is signed in.",
  member: "For the workspace's members.",
  admin: "For the workspace's admins and owners.",
  owner: "For the workspace's owners.",
};

function renderPage(specs: readonly EndpointSpec[], version: string, nonce: string): string {
  const rows = specs.map(
    ({ method, path, summary, access }) =>
      `<tr><td>${method.toUpperCase()}</td><td><code>${escapeHtml(path)}</code></td>` +
      `<td>${escapeHtml(summary)}</td><td>${escapeHtml(accessNotes[access])}</td></tr>`,
  );
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Livechat SMS: API</title>
<style nonce="${nonce}">
  :root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
  body { margin: 2rem auto; max-width: 72rem; padding: 0 1rem; }
  table { border-collapse: collapse; width: 100%; }
  th, td { text-align: left; padding: 0.4rem 0.6rem; border-bottom: 1px solid #8884; }
</style>
<h1>Livechat SMS: API ${escapeHtml(version)}</h1>
<p>Send JSON with <code>Authorization: Bearer &lt;access token&gt;</code>. Every refusal is
<code>application/problem+json</code> with a stable <code>code</code>. All shapes are in
<a href="/api/openapi.json">openapi.json</a>.</p>
<table>
<thead><tr><th>Method</th><th>Path</th><th>What it does</th><th>Who may</th></tr></thead>
<tbody>
${rows.join("\n")}
</tbody>
</table>
</html>`;
}

function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
