import * as z from "zod";
import { name } from "./fields.ts";

export const createWorkspaceRequest = z.object({ name });
export const updateWorkspaceRequest = z.object({ name, autoClaim: z.boolean() }).partial();
