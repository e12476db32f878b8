import { json, Router } from "express";
import { z } from "zod";
import type { Carrier } from "./carrier.ts";
import { presentMessage, presentNumber } from "./present.ts";
import { type Message, phoneOf } from "./state.ts";
import { textFromPhone } from "./text-from-phone.ts";

const address = z.string().regex(/^\+[1-9]\d{6,14}$/);
const texted = z.object({
  from: address,
  to: address,
  body: z.string().max(1600).default(""),
  media: z
    .array(
      z.union([
        z.object({ url: z.url() }),
        z.object({ contentType: z.string().min(3), base64: z.base64() }),
      ]),
    )
    .max(10)
    .default([]),
  optOutType: z.enum(["STOP", "START", "HELP"]).optional(),
});
const phone = z.object({
  number: address,
  condition: z.enum([
    "reachable",
    "unreachable",
    "unknown",
    "landline",
    "filtered",
    "failing",
    "no-receipts",
  ]),
});
const times = z.int().min(1).max(1000).default(1);
const delayMs = z.int().min(0).max(120_000).optional();
const fault = z.object({
  route: z.enum([
    "*",
    "accounts.get",
    "numbers.list",
    "numbers.get",
    "numbers.update",
    "messages.create",
    "messages.get",
    "messages.list",
    "messages.update",
    "messages.delete",
    "media.get",
    "services.list",
    "services.get",
    "services.update",
    "services.numbers",
    "tokens.update",
  ]),
  kind: z.enum([
    "delay",
    "429",
    "500",
    "refuse",
    "refuse-as-problem",
    "accept-then-500",
    "accept-then-502",
    "accept-then-hang",
    "accept-then-reset",
    "malformed",
  ]),
  times,
  delayMs,
  code: z.int().optional(),
  status: z.int().min(400).max(599).optional(),
});
const callbackFault = z.object({
  kind: z.enum(["lost", "duplicated", "out-of-order", "delay"]),
  times,
  delayMs,
});

/** The stage hands' door: JSON, no authentication, for demos and tests only. */
export function controlRoutes(carrier: Carrier): Router {
  const router = Router();
  const { state, faults } = carrier;
  router.use(json({ limit: "20mb" }));

  router.get("/numbers", (_request, response) => {
    response.json({ numbers: [...state.numbers.values()].map(presentNumber) });
  });
  router.get("/phones", (_request, response) => {
    response.json({ phones: [...state.phones.values()] });
  });
  router.put("/phones", (request, response) => {
    const wanted = phone.parse(request.body);
    const known = phoneOf(state, wanted.number);
    known.condition = wanted.condition;
    response.json(known);
  });
  router.get("/conversations", (_request, response) => {
    response.json({ conversations: conversationsOf([...state.messages.values()]) });
  });
  // All that the carrier ever took, in the order in which it took it.
  router.get("/messages", (_request, response) => {
    const messages = [...state.messages.values()];
    response.json({ messages: messages.map(({ media: _, ...message }) => message) });
  });
  router.post("/texts", async (request, response) => {
    const message = await textFromPhone(carrier, texted.parse(request.body));
    response.status(201).json(presentMessage(message));
  });
  router.get("/attempts", (_request, response) => {
    response.json({ attempts: state.attempts, alerts: state.alerts });
  });
  router.get("/faults", (_request, response) => {
    response.json(faults);
  });
  router.post("/faults", (request, response) => {
    faults.requests.push(fault.parse(request.body));
    response.status(201).json(faults);
  });
  router.post("/callback-faults", (request, response) => {
    faults.callbacks.push(callbackFault.parse(request.body));
    response.status(201).json(faults);
  });
  router.delete("/faults", (_request, response) => {
    faults.requests.length = 0;
    faults.callbacks.length = 0;
    response.status(204).end();
  });
  return router;
}

function conversationsOf(messages: Message[]) {
  const pairs = Map.groupBy(messages, (message) =>
    message.direction === "inbound"
      ? `${message.to} ${message.from ?? ""}`
      : `${message.from ?? ""} ${message.to}`,
  );
  return [...pairs].map(([pair, inPair]) => {
    const [number, customer] = pair.split(" ");
    return { number, phone: customer, messages: inPair.map(presentMessage) };
  });
}
