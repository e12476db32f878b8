import type { Server } from "node:http";
import { type Config, ConfigError } from "../config.ts";

/** The port that it listens on then. Throws ConfigError when the port or the address can't be had. */
export function listen(server: Server, { port, host }: Config): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const reason =
        error.code === "EADDRINUSE"
          ? `is in use by another program on ${host}. Stop that one, or choose another port.`
          : `can't be opened on ${host}: ${error.message}`;
      reject(new ConfigError(`PORT: ${port} ${reason}`, { cause: error }));
    });
    server.listen(port, host, () => {
      const address = server.address();
      resolve(typeof address === "object" && address ? address.port : port);
    });
  });
}

/** Lets what is being answered end, for a moment, and takes nothing new. */
export function closeHttp(server: Server): Promise<void> {
  return new Promise((resolve) => {
    if (!server.listening) return resolve();
    // Sockets that browsers hold open would keep it from ending; what is being answered gets a moment.
    const impatience = setTimeout(() => server.closeAllConnections(), 1500);
    server.close(() => {
      clearTimeout(impatience);
      resolve();
    });
    server.closeIdleConnections();
  });
}
