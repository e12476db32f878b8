import { existsSync } from "node:fs";
import { ConfigError, parseConfig } from "./config.ts";
import { type RunningServer, startServer } from "./server.ts";

// What is set already wins over the file.
if (existsSync(".env")) process.loadEnvFile(".env");

try {
  const config = parseConfig(process.env);
  const server = await startServer(config);
  stopOnSignal(server);
  process.stdout.write(`\nLivechat SMS is ready: open ${config.baseUrl}\n\n`);
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}

function stopOnSignal(server: RunningServer): void {
  let isStopping = false;
  const stop = async () => {
    // A second signal means now.
    if (isStopping) process.exit(1);
    isStopping = true;
    await server.close();
    process.exit(0);
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
}
