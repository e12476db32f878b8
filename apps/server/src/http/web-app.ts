import path from "node:path";
import express, { Router } from "express";
import { builtFolder, readWebBuild } from "./web-build.ts";

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
    const built = await readWebBuild(folder);
    const nonce = String(response.locals.cspNonce);
    response
      .status(built === null ? 503 : 200)
      .set("Cache-Control", "no-store")
      .type("html")
      .send(
        built === null
          ? notBuilt
          : built.page.replaceAll("__CSP_NONCE__", nonce).replace("__BUILD__", built.build),
      );
  });
  return router;
}

const notBuilt =
  '<!doctype html><html lang="en"><title>Livechat SMS</title><h1>The web app is not built yet</h1>' +
  "<p>Start with <code>pnpm start</code>, which builds it.</p></html>";
