import type { Logger } from "pino";

/** A part that runs, and how it ends. */
export interface Stop {
  name: string;
  stop(): Promise<void>;
}

const patienceMs = 1900;

/** The last to start is the first to stop; one that fails or hangs does not hold up the others. */
export async function stopAll(stops: Stop[], log: Logger): Promise<void> {
  for (const { name, stop } of stops.splice(0).reverse()) {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`still busy after ${patienceMs} ms`)), patienceMs);
    });
    await Promise.race([stop(), late])
      .catch((error: unknown) => log.warn({ err: error }, `${name} did not stop cleanly`))
      .finally(() => clearTimeout(timer));
  }
}
