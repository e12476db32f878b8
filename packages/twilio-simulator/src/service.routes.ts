import { type Request, type Response, Router, text } from "express";
import { applyFault } from "./apply-fault.ts";
import { authenticate } from "./authenticate.ts";
import type { Carrier } from "./carrier.ts";
import type { RouteName } from "./faults.ts";
import { paginateUrls } from "./paginate.ts";
import { type Account, findNumber, type PhoneNumber, type Service } from "./state.ts";
import { TwilioError } from "./twilio-error.ts";
import { updateService } from "./update-service.ts";

interface Call {
  request: Request;
  response: Response;
  account: Account;
  form: URLSearchParams;
  query: URLSearchParams;
}

const origin = "https://messaging.twilio.com";

/** messaging.twilio.com/v1: Messaging Services and the numbers in them. */
export function serviceRoutes(carrier: Carrier): Router {
  const router = Router();
  const { state } = carrier;
  router.use(text({ type: "application/x-www-form-urlencoded", limit: "256kb" }));

  const on =
    (route: RouteName, operation: (call: Call) => void) =>
    async (request: Request, response: Response): Promise<void> => {
      const account = authenticate(state, request, null);
      await applyFault(carrier, route, request, response);
      const form = new URLSearchParams(typeof request.body === "string" ? request.body : "");
      const query = new URL(request.originalUrl, "http://simulator").searchParams;
      operation({ request, response, account, form, query });
    };

  router.get(
    "/v1/Services",
    on("services.list", ({ request, response, account, query }) => {
      const services = [...account.services.values()];
      const present = (service: Service) => presentService(account, service);
      response.json(paginateUrls("services", services, present, origin + request.path, query));
    }),
  );
  router.get(
    "/v1/Services/:sid",
    on("services.get", (call) => {
      call.response.json(presentService(call.account, serviceOf(call)));
    }),
  );
  router.post(
    "/v1/Services/:sid",
    on("services.update", (call) => {
      const service = serviceOf(call);
      updateService(service, call.form);
      call.response.json(presentService(call.account, service));
    }),
  );
  router.get(
    "/v1/Services/:sid/PhoneNumbers",
    on("services.numbers", (call) => {
      const { account, query, request, response } = call;
      const service = serviceOf(call);
      const numbers = service.numbers.flatMap((each) => findNumber(state, each, account.sid) ?? []);
      const present = (number: PhoneNumber) => presentMember(service, number);
      response.json(paginateUrls("phone_numbers", numbers, present, origin + request.path, query));
    }),
  );
  return router;
}

function serviceOf({ request, account }: Call): Service {
  const { sid } = request.params;
  const service = typeof sid === "string" ? account.services.get(sid) : undefined;
  if (service) return service;
  throw new TwilioError(20404, `The requested resource ${request.path} was not found`, 404);
}

function presentService(account: Account, service: Service) {
  const url = `${origin}/v1/Services/${service.sid}`;
  return {
    sid: service.sid,
    account_sid: account.sid,
    friendly_name: service.friendlyName,
    date_created: service.dateCreated.toISOString(),
    date_updated: service.dateUpdated.toISOString(),
    inbound_request_url: service.inboundRequestUrl,
    inbound_method: service.inboundMethod,
    fallback_url: service.fallbackUrl,
    fallback_method: service.fallbackMethod,
    status_callback: service.statusCallback,
    sticky_sender: true,
    mms_converter: true,
    smart_encoding: false,
    scan_message_content: "inherit",
    fallback_to_long_code: true,
    area_code_geomatch: true,
    synchronous_validation: false,
    validity_period: 14400,
    usecase: "undeclared",
    us_app_to_person_registered: true,
    use_inbound_webhook_on_number: service.useInboundWebhookOnNumber,
    url,
    links: { phone_numbers: `${url}/PhoneNumbers` },
  };
}

function presentMember(service: Service, number: PhoneNumber) {
  const { sms, mms, voice } = number.capabilities;
  return {
    sid: number.sid,
    account_sid: number.accountSid,
    service_sid: service.sid,
    date_created: number.dateCreated.toISOString(),
    date_updated: number.dateUpdated.toISOString(),
    phone_number: number.phoneNumber,
    country_code: "US",
    // This API names them in words, unlike the numbers' own.
    capabilities: [sms && "SMS", mms && "MMS", voice && "Voice"].filter((each) => each !== false),
    url: `${origin}/v1/Services/${service.sid}/PhoneNumbers/${number.sid}`,
  };
}
