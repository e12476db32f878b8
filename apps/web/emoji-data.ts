import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Plugin } from "vite";

const resolve = createRequire(import.meta.url).resolve;

/** The folder that `features/livechat/emoji-names.ts` names too: another version is another address. */
const folder = "assets/emoji-17.0.0/en";

/** What the emoji picker and the shortcodes read, by the address that we serve it at. */
const files = {
  [`${folder}/data.json`]: "emojibase-data/en/data.json",
  [`${folder}/messages.json`]: "emojibase-data/en/messages.json",
  [`${folder}/shortcodes.json`]: "emojibase-data/en/shortcodes/github.json",
};

/** Serves the emoji data ourselves: the picker would ask another company's server for it. */
export function emojiData(): Plugin {
  return {
    name: "emoji-data",
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        const source = Object.entries(files).find(([path]) => request.url === `/${path}`)?.[1];
        if (!source) return next();
        response.setHeader("content-type", "application/json");
        response.end(readFileSync(resolve(source)));
      });
    },
    generateBundle() {
      for (const [fileName, source] of Object.entries(files)) {
        this.emitFile({ type: "asset", fileName, source: readFileSync(resolve(source)) });
      }
    },
  };
}
