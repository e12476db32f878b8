export interface ConnectionOverrides {
  /** The URL that is requested and signed: no fragment. */
  url: string;
  retries: number;
  policy: Set<string>;
  readMs: number;
  totalMs: number;
}

/**
 * Reads the `#rc=…&rp=…` fragment of a webhook URL. Without one: one retry, on connect failures
 * only, 15 s in total. Source: Twilio "webhooks connection overrides".
 */
export function readConnectionOverrides(configured: string): ConnectionOverrides {
  const hash = configured.indexOf("#");
  const url = hash < 0 ? configured : configured.slice(0, hash);
  const given = new URLSearchParams(hash < 0 ? "" : configured.slice(hash + 1));
  const within = (name: string, low: number, high: number, standard: number): number => {
    const value = Number(given.get(name) ?? Number.NaN);
    return Number.isInteger(value) && value >= low && value <= high ? value : standard;
  };
  return {
    url,
    retries: within("rc", 0, 5, 1),
    policy: new Set((given.get("rp") ?? "ct").split(",")),
    readMs: within("rt", 100, 15_000, 15_000),
    totalMs: within("tt", 100, 15_000, 15_000),
  };
}
