import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";
import { emojiData } from "./emoji-data.ts";

const server = "http://127.0.0.1:4000";

export default defineConfig({
  plugins: [react(), emojiData(), preloadInbox(), compressFiles()],
  build: { outDir: "dist", target: "es2022", sourcemap: false, chunkSizeWarningLimit: 1200 },
  server: {
    proxy: {
      // The server answers with the address that it was called by, so Host must stay the page's.
      "/api": { target: server, changeOrigin: false },
      "/auth": { target: server, changeOrigin: false },
      "/media": { target: server, changeOrigin: false },
      "/socket.io": { target: server, changeOrigin: false, ws: true },
    },
  },
});

/**
 * Names the inbox's code in the page, so that a browser asks for all of it at once
 * instead of file after file; the server leaves that out of pages that lead elsewhere.
 */
function preloadInbox(): Plugin {
  return {
    name: "preload-inbox",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      handler(html, { bundle = {} }) {
        const scripts = new Set<string>();
        const styles = new Set<string>();
        const add = (name: string) => {
          const chunk = bundle[name];
          if (chunk?.type !== "chunk" || scripts.has(name)) return;
          scripts.add(name);
          for (const style of chunk.viteMetadata?.importedCss ?? []) styles.add(style);
          chunk.imports.forEach(add);
        };
        for (const [name, chunk] of Object.entries(bundle)) {
          if (chunk.type !== "chunk" || !chunk.facadeModuleId) continue;
          if (/app\/(WorkspaceFrame|pages\/InboxPage)\.tsx$/.test(chunk.facadeModuleId)) add(name);
        }
        const isNew = (name: string) => !html.includes(`"/${name}"`);
        return [
          ...[...scripts].filter(isNew).map((name) => ({
            tag: "link",
            attrs: {
              rel: "modulepreload",
              crossorigin: true,
              href: `/${name}`,
              "data-for": "inbox",
            },
          })),
          ...[...styles].filter(isNew).map((name) => ({
            tag: "link",
            attrs: {
              rel: "preload",
              as: "style",
              crossorigin: true,
              href: `/${name}`,
              "data-for": "inbox",
            },
          })),
        ];
      },
    },
  };
}

/** Lays a compressed copy beside every file that gets smaller by it: the server sends that one. */
function compressFiles(): Plugin {
  return {
    name: "compress-files",
    apply: "build",
    async writeBundle({ dir }) {
      const folder = path.join(dir ?? "dist", "assets");
      for (const name of await readdir(folder, { recursive: true })) {
        if (!/\.(js|css|svg|json)$/.test(name)) continue;
        const file = path.join(folder, name);
        const content = await readFile(file);
        if (content.length < 1024) continue;
        const [br, gz] = await Promise.all([
          promisify(brotliCompress)(content, {
            params: { [constants.BROTLI_PARAM_SIZE_HINT]: content.length },
          }),
          promisify(gzip)(content, { level: 9 }),
        ]);
        await Promise.all([writeFile(`${file}.br`, br), writeFile(`${file}.gz`, gz)]);
      }
    },
  };
}
