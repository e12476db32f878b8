import * as z from "zod";

export const listEventsQuery = z.object({
  after: z.coerce.number().int().nonnegative(),
  epoch: z.uuid().optional(),
  limit: z.coerce.number().int().min(1).max(500).default(500),
});
