import * as z from "zod";
import { maxMediaPerText, maxTextLength } from "./messages.ts";

/** A phone of the built-in simulator and what it shows. */
export const simulatorState = z.object({
  /** The workspace's own numbers, which simulated people text to. */
  numbers: z.array(z.string()),
  messages: z.array(
    z.object({
      sid: z.string(),
      /** The simulated person's number. */
      phone: z.string(),
      number: z.string(),
      fromPhone: z.boolean(),
      body: z.string(),
      media: z.array(z.object({ contentType: z.string(), url: z.string() })),
      status: z.string(),
      createdAt: z.iso.datetime({ offset: true }),
    }),
  ),
});
export type SimulatorState = z.infer<typeof simulatorState>;
export const textFromPhoneRequest = z.object({
  from: z.string().regex(/^\+[1-9]\d{6,14}$/),
  to: z.string().regex(/^\+[1-9]\d{6,14}$/),
  body: z.string().max(maxTextLength).default(""),
  media: z
    .array(z.object({ contentType: z.string().min(3).max(100), base64: z.base64() }))
    .max(maxMediaPerText)
    .default([]),
});
export type TextFromPhoneRequest = z.input<typeof textFromPhoneRequest>;
