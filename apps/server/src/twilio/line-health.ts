import { createHash } from "node:crypto";
import type { LineFinding, LineHealth, LineReport } from "@livechat/shared";
import { sql, type Transaction } from "kysely";
import type { Tables } from "../platform/database.ts";
import { appendEvent } from "../realtime/event-log.ts";

interface HealthRow {
  problem_count: number;
  findings_changed_at: Date;
}

/** How the line stood when it was examined last; null while nothing is connected. */
export async function findLineHealth(
  trx: Transaction<Tables>,
  workspaceId: string,
): Promise<LineHealth | null> {
  const { rows } = await sql<HealthRow>`
    select problem_count, findings_changed_at from public.workspace_twilio_config
    where workspace_id = ${workspaceId} and is_configured
  `.execute(trx);
  const [row] = rows;
  return row ? present(row) : null;
}

/**
 * Keeps what an examination found, and tells every browser when it is something
 * else than before. Call it last in the transaction.
 */
export async function keepFindings(
  trx: Transaction<Tables>,
  workspaceId: string,
  report: LineReport,
): Promise<void> {
  const { rows } = await sql<HealthRow>`
    update public.workspace_twilio_config
    set problem_count = ${report.problemCount}, findings_key = ${buildKey(report)},
      findings_changed_at = now()
    where workspace_id = ${workspaceId} and is_configured
      and findings_key is distinct from ${buildKey(report)}
    returning problem_count, findings_changed_at
  `.execute(trx);
  const [row] = rows;
  if (row) await appendEvent(trx, workspaceId, "line_updated", { line: present(row) });
}

function present(row: HealthRow): LineHealth {
  return {
    problemCount: row.problem_count,
    changedAt: row.findings_changed_at.toISOString(),
  };
}

/** Equal for reports that find the same. */
function buildKey({ account, numbers, services }: LineReport): string {
  const shorten = (findings: LineFinding[]) =>
    findings.map(({ code, severity, title }) => [code, severity, title]);
  const found = [
    shorten(account),
    numbers.map(({ sid, findings }) => [sid, shorten(findings)]),
    services.map(({ sid, findings }) => [sid, shorten(findings)]),
  ];
  return createHash("sha256").update(JSON.stringify(found)).digest("base64url");
}
