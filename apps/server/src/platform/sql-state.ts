/** The database's own word for an error, such as `23505`; null when it has none. */
export function findSqlState(error: unknown): string | null {
  if (!(error instanceof Error) || !("code" in error)) return null;
  return typeof error.code === "string" ? error.code : null;
}
