import { writeLine } from "@livechat/shared";
import { type RequestHandler, Router } from "express";
import type * as z from "zod";
import type { Context } from "../context.ts";
import { authenticate } from "./authenticate.ts";
import { getRole, parsePart } from "./endpoint.ts";

interface CsvRoute<P extends z.ZodType<{ workspaceId: string }>> {
  path: string;
  access: "member" | "admin";
  params: P;
}

/** A file that is written while it is sent. */
interface CsvFile {
  fileName: string;
  /** The header first. Nothing was sent yet while the first line is waited for. */
  lines: AsyncIterable<readonly string[]>;
}

/** A route that answers a member with a CSV file, line by line, however long it gets. */
export function csvRoute<P extends z.ZodType<{ workspaceId: string }>>(
  context: Context,
  { path, access, params }: CsvRoute<P>,
  open: (params: z.output<P>, userId: string) => CsvFile,
): Router {
  const answer: RequestHandler = async (request, response) => {
    const caller = await authenticate(context, request);
    const parsed = params.parse(parsePart("params", params, request.params));
    await getRole(context, caller, parsed.workspaceId, access);
    const { fileName, lines } = open(parsed, caller.userId);
    let isBegun = false;
    for await (const line of lines) {
      if (response.destroyed) return;
      if (!isBegun) {
        isBegun = true;
        response.status(200).set({
          "Cache-Control": "no-store",
          "Content-Type": "text/csv; charset=utf-8",
          "Content-Disposition": `attachment; filename="${fileName}"`,
        });
        // Excel reads UTF-8 only behind this mark.
        response.write("\uFEFF");
      }
      if (!response.write(writeLine(line))) {
        await new Promise<void>((resolve) => {
          response.once("drain", resolve);
          response.once("close", resolve);
        });
      }
    }
    response.end();
  };
  const router = Router();
  router.get(path, answer);
  return router;
}
