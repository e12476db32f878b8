/** Loaded into a server with `--import`: its clock is `CHAOS_CLOCK_SKEW_MS` ahead, or behind. */
const skewMs = Number(process.env.CHAOS_CLOCK_SKEW_MS);
if (!Number.isFinite(skewMs)) throw new Error("CHAOS_CLOCK_SKEW_MS must be a number.");

const RealDate = Date;
globalThis.Date = new Proxy(RealDate, {
  construct: (target, args) =>
    args.length === 0 ? new target(target.now() + skewMs) : Reflect.construct(target, args),
  apply: (target) => new target(target.now() + skewMs).toString(),
  get: (target, key) => (key === "now" ? () => target.now() + skewMs : Reflect.get(target, key)),
});
