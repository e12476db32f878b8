/** One line of the report. */
export interface Result {
  /** Stays the same between runs: a newer result takes the older one's place. */
  id: string;
  what: string;
  value: number;
  /** The smallest and largest of the rounds, where there were several. */
  range?: [number, number];
  unit: "×" | "ms" | "s" | "kB" | "px" | "lost";
  /** What it has to reach, and what we aim at. */
  limit: { atLeast: number; aim?: number } | { atMost: number; aim?: number };
  /** The figures behind it, for whoever wants to know. */
  detail: string;
}

/** A part of the run that can be asked for alone. */
export interface Measurement {
  name: string;
  run(options: RunOptions): Promise<Result[]>;
}

export interface RunOptions {
  /** How many texts a full inbox holds. */
  texts: number;
  rounds: number;
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The value below which this part of the values lies. Zero for no values. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}

/** The median of the ratios of rounds that ran one after the other, and their range. */
export function compare(
  ours: readonly number[],
  theirs: readonly number[],
): Pick<Result, "value" | "range"> {
  const ratios = ours.map((each, at) => each / (theirs[at] ?? Number.NaN));
  return { value: median(ratios), range: [Math.min(...ratios), Math.max(...ratios)] };
}

/** Whether the result reaches what it has to. */
export function isReached({ value, limit }: Result): boolean {
  return "atLeast" in limit ? value >= limit.atLeast : value <= limit.atMost;
}

export function show(value: number): string {
  if (value >= 100) return String(Math.round(value));
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

/** Runs the work on every item, so many at a time. */
export async function runPool<T>(
  items: Iterable<T>,
  width: number,
  work: (item: T) => Promise<unknown>,
): Promise<void> {
  const left = items[Symbol.iterator]();
  await Promise.all(
    Array.from({ length: width }, async () => {
      for (let next = left.next(); !next.done; next = left.next()) await work(next.value);
    }),
  );
}
