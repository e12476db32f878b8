import * as z from "zod";
import { contactFilter } from "./contact-views.ts";

/** Most views that one person keeps, and that everyone of a workspace shares. */
export const maxSavedViews = 30;

const name = z.string().trim().min(1).max(60);
const position = z.int().min(0).max(1000);

/** A list of conversations that is kept under a name. */
export const savedView = z.object({
  id: z.uuid(),
  name: z.string(),
  filter: contactFilter,
  /** Whether everyone of the workspace has it; else it is its owner's alone. */
  isShared: z.boolean(),
  /** Who saved it; null once their account is gone. */
  createdBy: z.uuid().nullable(),
  position: z.int(),
});
export type SavedView = z.infer<typeof savedView>;

/** The caller's own views and everyone's, each in their order. */
export const savedViewList = z.object({ items: z.array(savedView) });
export type SavedViewList = z.infer<typeof savedViewList>;

export const saveViewRequest = z.object({
  /** Made by the caller: a second request with the same id saves nothing again. */
  id: z.uuid(),
  name,
  filter: contactFilter,
  isShared: z.boolean().default(false),
  /** Absent: after the others. */
  position: position.optional(),
});
export type SaveViewRequest = z.output<typeof saveViewRequest>;

export const updateSavedViewRequest = z.object({ name, isShared: z.boolean(), position }).partial();
export type UpdateSavedViewRequest = z.output<typeof updateSavedViewRequest>;

/** The key of a saved view's count for this person, among those of `ViewCounts`. */
export function savedViewKey({ id, filter }: SavedView, userId: string): string {
  return filter.view === "mine" ? `saved:${id}:${userId}` : `saved:${id}`;
}
