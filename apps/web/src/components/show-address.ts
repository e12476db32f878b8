import { classifyAddress, formatNorthAmerican } from "@livechat/shared";
import { useSyncExternalStore } from "react";

type Format = (address: string) => string;

let format: Format | null = null;
let isAsked = false;
const listeners = new Set<() => void>();

/**
 * An address for the eye. The rules of the whole world's numbers are large, so they
 * are loaded when the first number needs them; until then it stands as it is dialled.
 */
export function showAddress(address: string): string {
  const known = formatNorthAmerican(address);
  if (known || classifyAddress(address) !== "e164") return known ?? address;
  if (format) return format(address);
  if (!isAsked) void load();
  return address;
}

/** Draws the caller again once numbers can be shown better than before; its value is new then. */
export function useAddressRules(): "none" | "world" {
  return useSyncExternalStore(subscribe, () => (format ? "world" : "none"));
}

async function load(): Promise<void> {
  isAsked = true;
  try {
    format = (await import("./world-numbers.ts")).formatAddress;
    for (const listener of listeners) listener();
  } catch {
    // Without a line the number is shown as it is dialled; the next page tries again.
  }
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
