import { errorExplanation } from "@livechat/shared";
import * as z from "zod";
import { type Endpoint, endpoint } from "../http/endpoint.ts";
import { describeError } from "./error-catalogue.ts";

/** What Twilio's error codes mean, for whoever is signed in. */
export const errorEndpoints: Endpoint[] = [
  endpoint(
    {
      method: "get",
      path: "/api/twilio/errors/:code",
      summary: "What one of Twilio's error codes means, and what there is to do.",
      access: "signed_in",
      params: z.object({ code: z.coerce.number().int().min(1).max(9_999_999) }),
      response: errorExplanation,
    },
    async (_, { params }) => describeError(params.code),
  ),
];
