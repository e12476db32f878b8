import type { Request, Response } from "express";
import type { Carrier } from "./carrier.ts";
import { type RouteName, takeFault } from "./faults.ts";
import { TwilioError } from "./twilio-error.ts";

/** Thrown to end a request whose answer was written already. */
export class Answered extends Error {}

/**
 * Applies the next fault queued for a route. 429, 500 and `refuse` throw before anything is done;
 * `accept-then-*` and `malformed` let the operation happen and spoil only its answer.
 */
export async function applyFault(
  carrier: Carrier,
  route: RouteName,
  request: Request,
  response: Response,
): Promise<void> {
  const fault = takeFault(carrier.faults, route);
  switch (fault?.kind) {
    case undefined:
      return;
    case "delay":
      await carrier.pause(fault?.delayMs ?? 1_000);
      return;
    case "404":
      throw new TwilioError(20404, "The requested resource was not found", 404);
    case "429":
      throw new TwilioError(20429, "Too Many Requests", 429);
    case "500":
      throw new TwilioError(20500, "Internal Server Error", 500);
    case "refuse":
      throw new TwilioError(fault?.code ?? 20003, "Refused", fault?.status ?? 401);
    case "refuse-as-problem": {
      // As the newer APIs answer. Source: RFC 9457.
      const { code = 20003, status = 401 } = fault ?? {};
      response
        .status(status)
        .type("application/problem+json")
        .send(
          JSON.stringify({
            type: `https://www.twilio.com/docs/errors/${code}`,
            title: "Refused",
            detail: "Refused, as a problem document says.",
            status,
            code,
          }),
        );
      response.json = () => response;
      throw new Answered();
    }
    case "accept-then-500":
      response.json = () =>
        response
          .status(500)
          .type("json")
          .send(JSON.stringify(new TwilioError(20500, "Internal Server Error", 500)));
      return;
    case "accept-then-502":
      // As a gateway before the API answers: no JSON, and no word of Twilio's.
      response.json = () =>
        response.status(502).type("html").send("<html><body>Bad gateway</body></html>");
      return;
    case "accept-then-hang": {
      const send = response.json.bind(response);
      response.json = (body) => {
        carrier.background(async () => {
          await carrier.pause(fault?.delayMs ?? 30_000);
          send(body);
        });
        return response;
      };
      return;
    }
    case "accept-then-reset":
      response.json = () => {
        request.socket.resetAndDestroy();
        return response;
      };
      return;
    case "malformed":
      response.json = () => response.type("html").send("<html><body>Bad gateway");
      return;
    default: {
      const never: never = fault as never;
      return never;
    }
  }
}
