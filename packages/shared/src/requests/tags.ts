import * as z from "zod";
import { tag, tagColour } from "../conversation.ts";
import { snapshot } from "./fields.ts";

export const tagList = z.object({ ...snapshot, items: z.array(tag) });
export type TagList = z.infer<typeof tagList>;
const tagName = z.string().trim().min(1).max(50);
export const createTagRequest = z.object({ name: tagName, colour: tagColour.default("gray") });
export const updateTagRequest = z.object({ name: tagName, colour: tagColour }).partial();
