import net from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { classifySendFailure } from "../src/twilio/classify-send-failure.ts";
import { createTwilioGateway } from "../src/twilio/twilio-client.ts";

/** What the SDK throws for an answer of Twilio, and for a line that failed. */
const answered = (status: number, code?: number, part = {}) => ({
  status,
  code,
  message: "Twilio's words",
  ...part,
});
const failed = (code: string, part = {}) => ({ code, message: code, ...part });

describe("what a failed create means", () => {
  it.each([
    ["429", answered(429), "refused"],
    ["20429", answered(429, 20429), "refused"],
    ["the sender's queue is full (21611)", answered(400, 21611), "refused"],
    ["connection refused", failed("ECONNREFUSED"), "refused"],
    ["no such host", failed("ENOTFOUND"), "refused"],
    ["DNS fails for now", failed("EAI_AGAIN"), "refused"],
    ["certificate expired", failed("CERT_HAS_EXPIRED"), "refused"],
    ["connecting took too long", failed("ETIMEDOUT", { syscall: "connect" }), "refused"],
    ["reset while connecting", failed("ECONNRESET", { cause: { syscall: "connect" } }), "refused"],
    [
      "reset during the TLS handshake",
      failed("ECONNRESET", {
        message: "Client network socket disconnected before secure TLS connection was established",
      }),
      "refused",
    ],
    ["timeout", failed("ECONNABORTED"), "unknown"],
    ["reset", failed("ECONNRESET"), "unknown"],
    ["broken pipe", failed("EPIPE"), "unknown"],
    ["500", answered(500), "unknown"],
    ["20500", answered(500, 20500), "unknown"],
    ["502", answered(502), "unknown"],
    ["503 and 20503", answered(503, 20503), "unknown"],
    ["504", answered(504), "unknown"],
    ["408", answered(408), "unknown"],
    ["an unreadable 2xx", new SyntaxError("Unexpected token"), "unknown"],
    ["401", answered(401), "account_refused"],
    ["401 and 20003", answered(401, 20003), "account_refused"],
    ["403 and 20003", answered(403, 20003), "account_refused"],
    ["403 and 20005", answered(403, 20005), "account_refused"],
    ["403 and 10001", answered(403, 10001), "account_refused"],
    ["a bare 403", answered(403), "account_refused"],
    ["the account is gone (20404)", answered(404, 20404), "account_refused"],
    ["opted out (21610)", answered(400, 21610), "rejected"],
    ["not a number (21211)", answered(400, 21211), "rejected"],
    ["a code nobody has described", answered(400, 29999), "rejected"],
  ])("%s", (_name, error, outcome) => {
    expect(classifySendFailure(error).outcome).toBe(outcome);
  });

  it("reads a problem document (RFC 9457), whose code may lack", () => {
    expect(
      classifySendFailure({ status: 400, code: 0, message: "[HTTP 400] Bad", detail: "In words" }),
    ).toEqual({ outcome: "rejected", errorCode: null, errorMessage: "In words" });
    expect(classifySendFailure({ status: 401, code: 20003, title: "Refused" })).toMatchObject({
      outcome: "account_refused",
      errorCode: 20003,
    });
  });
});

describe("a send through the SDK itself", () => {
  let stop = () => {};
  afterEach(() => stop());

  async function send(onSocket: (socket: net.Socket) => void) {
    const server = net.createServer(onSocket);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    stop = () => server.close();
    const address = server.address();
    const port = typeof address === "object" && address ? address.port : 0;
    const gateway = createTwilioGateway({
      simulatorOrigin: `http://127.0.0.1:${port}`,
      isSimulated: () => true,
    });
    return gateway.sendMessage(
      { accountSid: `AC${"a".repeat(32)}`, authToken: "t" },
      {
        from: "+15550000001",
        messagingServiceSid: null,
        to: "+15550000002",
        body: "x",
        mediaUrls: [],
        statusCallback: "https://inbox.example.test/status",
      },
    );
  }
  const answer =
    (status: string, body: string, type = "application/json") =>
    (socket: net.Socket) => {
      socket.once("data", () => {
        socket.end(
          `HTTP/1.1 ${status}\r\nContent-Type: ${type}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
        );
      });
    };

  it.each([
    ["201 that can't be parsed", answer("201 Created", "<html>"), "unknown"],
    ["201 without a SID", answer("201 Created", "{}"), "unknown"],
    ["an HTML 502", answer("502 Bad Gateway", "<html>", "text/html"), "unknown"],
    ["an HTML 403", answer("403 Forbidden", "<html>", "text/html"), "account_refused"],
    [
      "a problem document",
      answer(
        "400 Bad Request",
        '{"type":"x","title":"Bad","status":400,"code":21211,"detail":"d"}',
        "application/problem+json",
      ),
      "rejected",
    ],
    [
      "a reset after the request was written",
      (socket: net.Socket) => socket.once("data", () => socket.resetAndDestroy()),
      "unknown",
    ],
  ])("%s", async (_name, onSocket, outcome) => {
    expect((await send(onSocket)).outcome).toBe(outcome);
  });
});
