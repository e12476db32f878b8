import * as z from "zod";
import { asOfSeq } from "../resources.ts";

/** Where a snapshot stands in the workspace's log: events up to `asOfSeq` are in it. */
export const snapshot = { epoch: z.uuid(), asOfSeq };

/** How many items a page of a list holds. */
export const pageSize = (fallback: number) =>
  z.coerce.number().int().min(1).max(100).default(fallback);

/** Leads to the next page; only the server reads it. */
export const cursor = z.string().max(500).optional();

/** Of a person, a company's workspace and the like. */
export const name = z.string().trim().min(1).max(200);

export const email = z.email().max(320);
