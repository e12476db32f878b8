let shownIds: readonly string[] = [];

/** Remembers the order in which the list stands on the screen. */
export function rememberOrder(ids: readonly string[]): void {
  shownIds = ids;
}

/** The conversation that stands below these in the list, else above them; null when none is left. */
export function findNeighbour(ids: ReadonlySet<string>, openId: string): string | null {
  const at = shownIds.indexOf(openId);
  const below = shownIds.slice(at + 1).find((id) => !ids.has(id));
  return below ?? shownIds.slice(0, Math.max(0, at)).findLast((id) => !ids.has(id)) ?? null;
}

/** The ids between two rows of the list, both included. */
export function listRange(fromId: string, toId: string): readonly string[] {
  const [from, to] = [shownIds.indexOf(fromId), shownIds.indexOf(toId)];
  if (from === -1 || to === -1) return [toId];
  return shownIds.slice(Math.min(from, to), Math.max(from, to) + 1);
}
