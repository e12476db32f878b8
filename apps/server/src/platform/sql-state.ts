/** How node-postgres says that a connection is gone, or can't be had, where it gives no code. */
const lostConnection =
  /^(Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect|Client was closed|Cannot use a pool after)/;

/** The database's own word for an error, such as `23505`; null when it has none. */
export function findSqlState(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  if ("code" in error && typeof error.code === "string") return error.code;
  return lostConnection.test(error.message) ? connectionFailure : null;
}

// Source: PostgreSQL, "Appendix A. PostgreSQL Error Codes".
const connectionFailure = "08006";
