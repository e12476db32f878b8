import { compare, type Measurement, median, quantile, show } from "../measurement.ts";
import { type ManySockets, openSockets } from "./many-sockets.ts";

const socketCount = 1_000;
const textsPerRound = 20;
const everyMs = 150;

/** From the commit of a text to a thousand browsers, against a bare emit to as many; and what a socket costs. */
export const fanOut: Measurement = {
  name: "fan-out",
  async run({ rounds }) {
    const ours = await openSockets("ours", socketCount);
    try {
      const bare = await openSockets("bare", socketCount);
      try {
        await measure(ours);
        await measure(bare);
        const ourP95: number[] = [];
        const bareP95: number[] = [];
        for (let round = 0; round < rounds; round += 1) {
          ourP95.push(await measure(ours));
          bareP95.push(await measure(bare));
        }
        const kb = (bytes: number) => `${show(bytes / 1024)} kB`;
        return [
          {
            id: "server/3 fan-out",
            what: `Commit to ${socketCount} browsers, p95, ÷ a bare emit to as many`,
            ...compare(ourP95, bareP95),
            unit: "×",
            limit: { atMost: 3, aim: 1.5 },
            detail: `${show(median(ourP95))} ms against ${show(median(bareP95))} ms`,
          },
          {
            id: "server/4 memory",
            what: "Memory of the server per open socket ÷ bare Socket.IO",
            value: ours.bytesPerSocket / bare.bytesPerSocket,
            unit: "×",
            limit: { atMost: 1.5 },
            detail: `${kb(ours.bytesPerSocket)} against ${kb(bare.bytesPerSocket)}`,
          },
        ];
      } finally {
        bare.close();
      }
    } finally {
      ours.close();
    }
  },
};

/** The 95th percentile, in ms, of how long texts took to reach each of the sockets. */
async function measure({ sockets, ask }: ManySockets): Promise<number> {
  const arrivals: [id: string, atMs: number][] = [];
  const onMessage = (event: { payload: { message: { id: string } } }) => {
    arrivals.push([event.payload.message.id, Date.now()]);
  };
  for (const socket of sockets) socket.on("new_message", onMessage);
  const sentAt = await ask<Record<string, number>>({ ask: "emit", count: textsPerRound, everyMs });
  const deadline = Date.now() + 20_000;
  while (arrivals.length < textsPerRound * sockets.length && Date.now() < deadline)
    await new Promise((resolve) => setTimeout(resolve, 20));
  for (const socket of sockets) socket.off("new_message", onMessage);
  if (arrivals.length < textsPerRound * sockets.length) throw new Error("Some texts never came.");
  // The wake-up may overtake the clock that the sender reads after its commit.
  return quantile(
    arrivals.map(([id, atMs]) => Math.max(0, atMs - (sentAt[id] ?? Number.NaN))),
    0.95,
  );
}
