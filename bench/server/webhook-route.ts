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
      const post = async (url: string) => {
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
        const status = await send(url, new URLSearchParams(form).toString(), signature);
        if (status !== 200) throw new Error(`A webhook was answered with ${status}.`);
      };
      const load = async (url: string) => {
        const startedMs = performance.now();
        await runPool(Array.from({ length: requests }).keys(), width, () => post(url));
        return requests / ((performance.now() - startedMs) / 1000);
      };
      await load(address);
      await load(bareUrl);
      const ours: number[] = [];
      const theirs: number[] = [];
      for (let round = 0; round < rounds; round += 1) {
        ours.push(await load(address));
        theirs.push(await load(bareUrl));
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
      ];
    } finally {
      child.kill("SIGTERM");
    }
  },
};

const agent = new Agent({ keepAlive: true, maxSockets: width });

function send(url: string, body: string, signature: string): Promise<number> {
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
