import type { Request, Response } from "express";
import type { Carrier } from "./carrier.ts";
import { type RouteName, takeFault } from "./faults.ts";
import { TwilioError } from "./twilio-error.ts";

/**
 * Applies the next fault queued for a route. 429 and 500 throw before anything is done;
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
    case "429":
      throw new TwilioError(20429, "Too Many Requests", 429);
    case "500":
      throw new TwilioError(20500, "Internal Server Error", 500);
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
