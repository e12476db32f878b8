import * as z from "zod";
import { quarantinedReceipt } from "../resources.ts";
import { cursor, pageSize, snapshot } from "./fields.ts";

export const listQuarantineQuery = z.object({ cursor, limit: pageSize(50) });
export const quarantineList = z.object({
  ...snapshot,
  /** The newest first. */
  items: z.array(quarantinedReceipt),
  nextCursor: z.string().nullable(),
  /** All that wait, on whatever page. */
  openCount: z.int().nonnegative(),
  /** Numbers that texts came to of late and that are not among those read from Twilio last. */
  unknownNumbers: z.array(
    z.object({ phoneNumber: z.string(), lastAt: z.iso.datetime({ offset: true }) }),
  ),
});
export type QuarantineList = z.infer<typeof quarantineList>;
export const quarantineDetail = z.object({
  receipt: quarantinedReceipt,
  /** The form as Twilio sent it, in its order. */
  fields: z.array(z.object({ name: z.string(), value: z.string() })),
});
export type QuarantineDetail = z.infer<typeof quarantineDetail>;
