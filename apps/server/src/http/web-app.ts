import { readFile } from "node:fs/promises";
import path from "node:path";
import express, { Router } from "express";

/** Where `apps/web` is built to. */
const builtFolder = path.resolve(import.meta.dirname, "../../../web/dist");

/** Serves the built web app: every address that is not a file's or the API's is the app's own. */
export function webApp(folder: string = builtFolder): Router {
  const router = Router();
  router.use(
    express.static(folder, {
      index: false,
      redirect: false,
      setHeaders: (response, file) => {
        // The names of these files change with their content.
        const isHashed = file.startsWith(path.join(folder, "assets") + path.sep);
        response.setHeader(
          "Cache-Control",
          isHashed ? "public, max-age=31536000, immutable" : "no-cache",
        );
      },
    }),
  );
  router.get("/{*page}", async (request, response, next) => {
    if (/^\/(api|auth|media|assets|socket\.io)(\/|$)/.test(request.path)) return next();
    const page = await readPage(path.join(folder, "index.html"));
    const nonce = String(response.locals.cspNonce);
    response
      .status(page === null ? 503 : 200)
      .set("Cache-Control", "no-store")
      .type("html")
      .send(page === null ? notBuilt : page.replaceAll("__CSP_NONCE__", nonce));
  });
  return router;
}

const notBuilt =
  '<!doctype html><html lang="en"><title>Livechat SMS</title><h1>The web app is not built yet</h1>' +
  "<p>Start with <code>pnpm start</code>, which builds it.</p></html>";

async function readPage(file: string): Promise<string | null> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}
