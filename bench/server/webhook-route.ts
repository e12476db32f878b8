import { fork } from "node:child_process";
import { Agent, request } from "node:http";
import path from "node:path";
import twilio from "twilio";
import { compare, type Measurement, median, runPool, show } from "../measurement.ts";

const requests = 1_500;
const width = 16;

/** The whole server's webhook, signature and all, against a bare Express route that reads the form. */
export const webhookRoute: Measurement = {
  name: "webhook-route",
  async run({ rounds }) {
    const child = fork(path.join(import.meta.dirname, "webhook-process.ts"));
    try {
      const { baseUrl, bareUrl, workspaceId, authToken, accountSid, number } = await new Promise<
        Record<
          "baseUrl" | "bareUrl" | "workspaceId" | "authToken" | "accountSid" | "number",
          string
        >
      >((resolve, reject) => {
        child.once("message", (ready) => resolve(ready as never));
        child.once("exit", () => reject(new Error("The server of the webhooks ended.")));
      });
      const address = `${baseUrl}/api/twilio/webhook/${workspaceId}`;
      let sid = 0;
      const post = async (url: string, agent: Agent) => {
        sid += 1;
        const form = {
          AccountSid: accountSid,
          MessageSid: `SM${sid.toString(16).padStart(32, "0")}`,
          From: `+1202${2_000_000 + (sid % 400)}`,
          To: number,
          Body: `Is my order ${sid} ready?`,
          NumMedia: "0",
          NumSegments: "1",
        };
        const signature = twilio.getExpectedTwilioSignature(authToken, address, form);
        const status = await send(url, new URLSearchParams(form).toString(), signature, agent);
        if (status !== 200) throw new Error(`A webhook was answered with ${status}.`);
      };
      const load = async (url: string) => {
        // Of its own each time: a server closes what is idle while the others have their turn.
        const agent = new Agent({ keepAlive: true, maxSockets: width });
        const startedMs = performance.now();
        await runPool(Array.from({ length: requests }).keys(), width, () => post(url, agent));
        const tookMs = performance.now() - startedMs;
        agent.destroy();
        return requests / (tookMs / 1000);
      };
      const keptUrl = `${bareUrl}kept`;
      for (const url of [address, bareUrl, keptUrl]) await load(url);
      const ours: number[] = [];
      const theirs: number[] = [];
      const kept: number[] = [];
      for (let round = 0; round < rounds; round += 1) {
        ours.push(await load(address));
        theirs.push(await load(bareUrl));
        kept.push(await load(keptUrl));
      }
      return [
        {
          id: "server/2 webhook route",
          what: "The webhook, checked, stored and answered, ÷ a bare Express route with a form",
          ...compare(ours, theirs),
          unit: "×",
          limit: { atLeast: 0.35, aim: 0.6 },
          detail: `${show(median(ours))}/s against ${show(median(theirs))}/s, ${width} at a time`,
        },
        {
          id: "server/2b webhook route, kept",
          what: "The same ÷ a bare Express route that inserts and commits one row",
          ...compare(ours, kept),
          unit: "×",
          limit: { atLeast: 0.35, aim: 0.6 },
          detail: `${show(median(ours))}/s against ${show(median(kept))}/s, ${width} at a time`,
        },
      ];
    } finally {
      child.kill("SIGTERM");
    }
  },
};

function send(url: string, body: string, signature: string, agent: Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      url,
      {
        method: "POST",
        agent,
        headers: {
          "content-type": "application/x-www-form-urlencoded",
          "content-length": Buffer.byteLength(body),
          "x-twilio-signature": signature,
        },
      },
      (response) => {
        response.resume();
        response.on("end", () => resolve(response.statusCode ?? 0));
      },
    );
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}
