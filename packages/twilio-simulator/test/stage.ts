import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import twilio from "twilio";
import { createSimulator, type Simulator } from "../src/index.ts";

export const accountSid = `AC${"a".repeat(32)}`;
export const authToken = "t".repeat(32);
export const shop = "+15557122661";
export const alice = "+15558675310";
export const bob = "+15558675311";

type RequestOptions<T> = Parameters<typeof twilio.RequestClient.prototype.request<T>>[0];

export interface Received {
  path: string;
  signature: string;
  params: Record<string, string>;
}

export interface Stage {
  simulator: Simulator;
  client: ReturnType<typeof twilio>;
  received: Received[];
  /** How the application answers the next webhooks; `<Response/>` unless changed. */
  answer: { status: number; type: string; body: string };
  appUrl: string;
  simulatorUrl: string;
  clientWith(user: string, secret: string): ReturnType<typeof twilio>;
  close(): void;
}

/** A simulator and an application, each on its own port, and the real SDK between them. */
export async function setStage(): Promise<Stage> {
  const received: Received[] = [];
  const answer = { status: 200, type: "text/xml", body: "<Response/>" };
  const app = express();
  app.use(express.urlencoded({ extended: false }));
  app.post("/{*path}", (request, response) => {
    const signature = request.get("x-twilio-signature") ?? "";
    received.push({ path: request.originalUrl, signature, params: request.body });
    response.status(answer.status).set("Content-Type", answer.type).end(answer.body);
  });
  const appServer = await listen(app);
  const appUrl = originOf(appServer);
  const simulator = createSimulator({
    statusDelayMs: 5,
    accounts: [
      {
        sid: accountSid,
        authToken,
        apiKeys: [{ sid: `SK${"b".repeat(32)}`, secret: "key-secret", kind: "standard" }],
        numbers: [{ phoneNumber: shop, smsUrl: `${appUrl}/inbound?w=1#rc=2&rp=5xx` }],
      },
    ],
  });
  const simulatorServer = await listen(simulator.handler);
  const simulatorUrl = originOf(simulatorServer);

  class LocalClient extends twilio.RequestClient {
    override request<T>(options: RequestOptions<T>) {
      const url = new URL(options.uri);
      return super.request<T>({ ...options, uri: simulatorUrl + url.pathname + url.search });
    }
  }
  const clientWith = (user: string, secret: string) =>
    twilio(user, secret, { accountSid, httpClient: new LocalClient({ timeout: 2_000 }) });
  return {
    simulator,
    client: clientWith(accountSid, authToken),
    received,
    answer,
    appUrl,
    simulatorUrl,
    clientWith,
    close() {
      simulator.close();
      for (const server of [appServer, simulatorServer]) {
        server.closeAllConnections();
        server.close();
      }
    },
  };
}

function listen(listener: RequestListener): Promise<Server> {
  const server = createServer(listener);
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve(server));
  });
}

function originOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
