import { randomBytes } from "node:crypto";
import { type Request, type Response, Router } from "express";
import { applyFault } from "./apply-fault.ts";
import { authenticate } from "./authenticate.ts";
import type { Carrier } from "./carrier.ts";
import type { Account } from "./state.ts";
import { TwilioError } from "./twilio-error.ts";

/**
 * accounts.twilio.com/v1: a second Auth Token, which opens the API beside the first; once promoted
 * it signs webhooks, and the first one is worth nothing any more.
 */
export function tokenRoutes(carrier: Carrier): Router {
  const router = Router();
  const on =
    (operation: (account: Account, response: Response) => void) =>
    async (request: Request, response: Response): Promise<void> => {
      const account = authenticate(carrier.state, request, null, "account");
      await applyFault(carrier, "tokens.update", request, response);
      operation(account, response);
    };

  router.post(
    "/v1/AuthTokens/Secondary",
    on((account, response) => {
      account.secondaryAuthToken = randomBytes(16).toString("hex");
      response.status(201).json({
        ...present(account),
        secondary_auth_token: account.secondaryAuthToken,
        url: "https://accounts.twilio.com/v1/AuthTokens/Secondary",
      });
    }),
  );
  router.delete(
    "/v1/AuthTokens/Secondary",
    on((account, response) => {
      account.secondaryAuthToken = null;
      response.status(204).end();
    }),
  );
  router.post(
    "/v1/AuthTokens/Promote",
    on((account, response) => {
      if (account.secondaryAuthToken === null) {
        throw new TwilioError(20404, "There is no secondary Auth Token", 404);
      }
      account.authToken = account.secondaryAuthToken;
      account.secondaryAuthToken = null;
      response.json({
        ...present(account),
        auth_token: account.authToken,
        url: "https://accounts.twilio.com/v1/AuthTokens/Promote",
      });
    }),
  );
  return router;
}

function present(account: Account) {
  return {
    account_sid: account.sid,
    date_created: account.dateCreated.toISOString(),
    date_updated: new Date().toISOString(),
  };
}
