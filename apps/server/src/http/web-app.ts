import { readFile } from "node:fs/promises";
import path from "node:path";
import express, { type RequestHandler, Router } from "express";
import { builtFolder, readWebBuild } from "./web-build.ts";

const forGood = "public, max-age=31536000, immutable";

/** Serves the built web app: every address that is not a file's or the API's is the app's own. */
export function webApp(folder: string = builtFolder): Router {
  const router = Router();
  router.use("/assets", sendCompressed(path.join(folder, "assets")));
  router.use(
    express.static(folder, {
      index: false,
      redirect: false,
      setHeaders: (response, file) => {
        // The names of these files change with their content.
        const isHashed = file.startsWith(path.join(folder, "assets") + path.sep);
        response.setHeader("Cache-Control", isHashed ? forGood : "no-cache");
      },
    }),
  );
  router.get("/{*page}", async (request, response, next) => {
    if (/^\/(api|auth|media|assets|socket\.io)(\/|$)/.test(request.path)) return next();
    const built = await readWebBuild(folder);
    const nonce = String(response.locals.cspNonce);
    const leadsToInbox = /^\/(w\/|$)/.test(request.path);
    response
      .status(built === null ? 503 : 200)
      .set("Cache-Control", "no-store")
      .type("html")
      .send(
        built === null
          ? notBuilt
          : (leadsToInbox ? built.page : withoutInbox(built.page))
              .replaceAll("__CSP_NONCE__", nonce)
              .replace("__BUILD__", built.build),
      );
  });
  return router;
}

/** The page without the links that ask for the inbox's code ahead, as the build has marked them. */
function withoutInbox(page: string): string {
  return page.replace(/\s*<link [^>]*data-for="inbox"[^>]*>/g, "");
}

const encodings = [
  { name: "br", suffix: ".br" },
  { name: "gzip", suffix: ".gz" },
] as const;

/** Sends the smaller copy that the build has laid beside a file, to whoever can read it. */
function sendCompressed(folder: string): RequestHandler {
  return async (request, response, next) => {
    const name = request.path.slice(1);
    if (request.method !== "GET" || !/^[\w.-]+\.(js|css|svg|json)$/.test(name)) return next();
    response.vary("Accept-Encoding");
    for (const { name: encoding, suffix } of encodings) {
      if (!request.acceptsEncodings(encoding)) continue;
      const content = await readIfThere(path.join(folder, name + suffix));
      if (!content) continue;
      return response
        .set("Content-Encoding", encoding)
        .set("Cache-Control", forGood)
        .type(path.extname(name))
        .send(content);
    }
    next();
  };
}

async function readIfThere(file: string): Promise<Buffer | null> {
  try {
    return await readFile(file);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}

const notBuilt =
  '<!doctype html><html lang="en"><title>Livechat SMS</title><h1>The web app is not built yet</h1>' +
  "<p>Start with <code>pnpm start</code>, which builds it.</p></html>";
