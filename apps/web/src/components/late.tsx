import { type ComponentType, createElement, lazy, useState } from "react";
import { onFirstScreen } from "./first-screen.ts";

/** Whether code comes by itself once the first screen stands: before the rest, after it, or only when it is asked for. */
type ComesAhead = "first" | "last" | "never";

type Load = () => Promise<unknown>;

/** React asks for what failed once more before it gives up: until then it has to be the same. */
const forgetFailureAfterMs = 1000;

const waiting: Record<Exclude<ComesAhead, "never">, Load[]> = { first: [], last: [] };
let isComing = false;

/**
 * A component whose code is a file of its own. When it is here already, which it mostly is, the
 * component is drawn at once: React's `lazy` waits for 300 ms even then. What could not be loaded
 * is thrown to the error boundary, and loaded again when it is drawn once more.
 */
export function late<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  ahead: ComesAhead = "first",
): ComponentType<Props> {
  let loaded: ComponentType<Props> | null = null;
  const get = async () => {
    try {
      loaded ??= await load();
      return { default: loaded };
    } catch (error) {
      const failed = waits;
      setTimeout(() => {
        if (waits === failed) waits = lazy(get);
      }, forgetFailureAfterMs);
      throw error;
    }
  };
  let waits: ComponentType<Props> = lazy(get);
  if (ahead !== "never") {
    waiting[ahead].push(get);
    comeAhead();
  }
  // biome-ignore lint/correctness/noComponentHookFactories: as with `lazy`, each module makes its own once.
  return function Late(props: Props) {
    // It stays what it began as: another component would begin anew.
    const [Shown] = useState(() => loaded ?? waits);
    return createElement(Shown, props);
  };
}

/** As {@link late}, for a file that exports it by name. */
export function latePart<Name extends string>(
  load: () => Promise<Record<Name, ComponentType>>,
  name: Name,
  ahead: ComesAhead,
): ComponentType {
  return late(async (): Promise<ComponentType> => (await load())[name], ahead);
}

function comeAhead(): void {
  if (isComing) return;
  isComing = true;
  onFirstScreen(() => void loadAll());
}

/** One after the other, while the page has nothing else to do. */
async function loadAll(): Promise<void> {
  for (;;) {
    await rest();
    const load = waiting.first.shift() ?? waiting.last.shift();
    if (!load) break;
    await load().catch(() => undefined);
  }
  isComing = false;
}

function rest(): Promise<void> {
  return new Promise((resolve) => {
    if ("requestIdleCallback" in window) requestIdleCallback(() => resolve(), { timeout: 1000 });
    else setTimeout(resolve, 100);
  });
}
