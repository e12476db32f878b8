import type { EventPage } from "@livechat/shared";
import { io } from "socket.io-client";
import { type Measurement, show } from "../measurement.ts";
import { join, openSockets } from "./many-sockets.ts";

const browserCount = 1_000;
const missedTexts = 50;

/** A server that restarts under a thousand browsers, and how fast a browser reads what it missed. */
export const reconnect: Measurement = {
  name: "reconnect",
  async run() {
    const stage = await openSockets("ours", browserCount);
    try {
      const { head } = await catchUp(stage.baseUrl, stage.workspaceId, stage.tokens[0] ?? "", 0);
      for (const socket of stage.sockets) socket.disconnect();
      await stage.ask({ ask: "close" });
      const liveStartedMs = performance.now();
      await stage.ask({ ask: "write", count: missedTexts });
      const liveRate = missedTexts / ((performance.now() - liveStartedMs) / 1000);

      const baseUrl = await stage.ask<string>({ ask: "reopen" });
      const startedMs = performance.now();
      const seen = await Promise.all(
        stage.sockets.map(async (_, at) => {
          // Every browser comes back at a moment of its own, as the client's jitter has it.
          await new Promise((resolve) => setTimeout(resolve, 250 + Math.random() * 500));
          const token = stage.tokens[at % stage.tokens.length] ?? "";
          const back = io(baseUrl, { auth: { token }, transports: ["websocket"], forceNew: true });
          stage.sockets[at] = back;
          await new Promise<void>((resolve) => back.once("connect", resolve));
          await join(back, stage.workspaceId);
          return catchUp(baseUrl, stage.workspaceId, token, head);
        }),
      );
      const tookS = (performance.now() - startedMs) / 1000;
      const missed = seen.filter(({ events }) => events < missedTexts).length;

      const readRates: number[] = [];
      for (let round = 0; round < 5; round += 1) {
        const readStartedMs = performance.now();
        const { events } = await catchUp(baseUrl, stage.workspaceId, stage.tokens[0] ?? "", 0);
        readRates.push(events / ((performance.now() - readStartedMs) / 1000));
      }
      const readRate = Math.max(...readRates);
      return [
        {
          id: "server/7 reconnect",
          what: `${browserCount} browsers are back and caught up after a restart`,
          value: tookS,
          unit: "s",
          limit: { atMost: 15, aim: 5 },
          detail: `each read ${missedTexts} texts that it had missed`,
        },
        {
          id: "server/8 missed",
          what: "Browsers of those that lack a text afterwards",
          value: missed,
          unit: "lost",
          limit: { atMost: 0 },
          detail: `of ${browserCount}`,
        },
        {
          id: "server/9 catch-up",
          what: "Events that one browser reads from the log ÷ events that a workspace can write",
          value: readRate / liveRate,
          unit: "×",
          limit: { atLeast: 20 },
          detail: `${show(readRate)}/s against ${show(liveRate)}/s, one after the other`,
        },
      ];
    } finally {
      stage.close();
    }
  },
};

/** Reads the log from a place to its end, page by page, as a browser does. */
async function catchUp(baseUrl: string, workspaceId: string, token: string, after: number) {
  let at = after;
  let events = 0;
  for (;;) {
    const response = await fetch(
      `${baseUrl}/api/workspaces/${workspaceId}/events?limit=500&after=${at}`,
      { headers: { authorization: `Bearer ${token}` } },
    );
    if (!response.ok) throw new Error(`The log was refused with ${response.status}.`);
    const page = (await response.json()) as EventPage;
    events += page.events.length;
    at = page.events.at(-1)?.seq ?? at;
    if (at >= page.head) return { events, head: page.head };
  }
}
