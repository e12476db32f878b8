import * as z from "zod";

/** Who of the team had a conversation before their eyes, and when last; the latest first. */
export const seenList = z.object({
  items: z.array(z.object({ userId: z.uuid(), seenAt: z.iso.datetime({ offset: true }) })),
});
export type SeenList = z.infer<typeof seenList>;
