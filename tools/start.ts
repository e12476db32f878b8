/**
 * `pnpm start`: builds the web app when it has changed, then becomes the server.
 * It stays one process, so a signal reaches the server without going through us.
 */
import { buildWeb } from "./build-web.ts";

const startedAt = performance.now();
const notice = setTimeout(() => {
  console.log("Building the web app (half a minute at most; only after a change) …");
}, 300);
try {
  const isNew = await buildWeb();
  clearTimeout(notice);
  if (isNew) {
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    console.log(`The web app is built (${seconds} s).`);
  }
} catch (error) {
  clearTimeout(notice);
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
console.log("Starting the server …");
await import("../apps/server/src/main.ts");
