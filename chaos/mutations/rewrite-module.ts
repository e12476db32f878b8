import { registerHooks } from "node:module";

/**
 * Changes a module of the server as it is loaded, in this process only. Throws at
 * the load when the text is not there, so that no control passes for want of its harm.
 */
export function rewriteModule(ending: string, changes: readonly [from: string, to: string][]) {
  registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context);
      if (!url.endsWith(ending)) return loaded;
      let source = Buffer.from(loaded.source as Uint8Array).toString("utf8");
      for (const [from, to] of changes) {
        if (!source.includes(from)) throw new Error(`${ending} no longer says: ${from}`);
        source = source.replace(from, () => to);
      }
      return { ...loaded, source };
    },
  });
}
