import { type Request, type Response, Router, text } from "express";
import { applyFault } from "./apply-fault.ts";
import { authenticate } from "./authenticate.ts";
import type { Carrier } from "./carrier.ts";
import { createMessage } from "./create-message.ts";
import type { RouteName } from "./faults.ts";
import { listMessages } from "./list-messages.ts";
import { paginate } from "./paginate.ts";
import { presentAccount, presentMedia, presentMessage, presentNumber } from "./present.ts";
import type { Account, Media, Message, PhoneNumber } from "./state.ts";
import { TwilioError } from "./twilio-error.ts";
import { updateMessage } from "./update-message.ts";
import { updateNumber } from "./update-number.ts";

interface Call {
  request: Request;
  response: Response;
  account: Account;
  form: URLSearchParams;
  query: URLSearchParams;
}

/** Twilio's 2010-04-01 REST API, and the CDN that its media redirect to. */
export function restRoutes(carrier: Carrier): Router {
  const router = Router();
  const { state } = carrier;
  router.use(text({ type: "application/x-www-form-urlencoded", limit: "256kb" }));

  const on =
    (route: RouteName, operation: (call: Call) => void) =>
    async (request: Request, response: Response): Promise<void> => {
      const accountSid = pathPart(request, "account");
      const scope = route === "accounts.get" ? "account" : "resource";
      const account = authenticate(state, request, accountSid, scope);
      await applyFault(carrier, route, request, response);
      const form = new URLSearchParams(typeof request.body === "string" ? request.body : "");
      const query = new URL(request.originalUrl, "http://simulator").searchParams;
      operation({ request, response, account, form, query });
    };

  const root = "/2010-04-01/Accounts/:account";
  router.get(
    `${root}.json`,
    on("accounts.get", ({ response, account }) => {
      response.json(presentAccount(account));
    }),
  );

  router.get(
    `${root}/IncomingPhoneNumbers.json`,
    on("numbers.list", ({ request, response, account, query }) => {
      const wanted = query.get("PhoneNumber");
      const name = query.get("FriendlyName");
      const numbers = [...state.numbers.values()].filter(
        (each) =>
          each.accountSid === account.sid &&
          (!wanted || each.phoneNumber.includes(wanted)) &&
          (!name || each.friendlyName === name),
      );
      response.json(
        paginate("incoming_phone_numbers", numbers, presentNumber, request.path, query),
      );
    }),
  );
  router.get(
    `${root}/IncomingPhoneNumbers/:sid.json`,
    on("numbers.get", (call) => {
      call.response.json(presentNumber(numberOf(call)));
    }),
  );
  router.post(
    `${root}/IncomingPhoneNumbers/:sid.json`,
    on("numbers.update", (call) => {
      const number = numberOf(call);
      updateNumber(number, call.form);
      call.response.json(presentNumber(number));
    }),
  );

  router.post(
    `${root}/Messages.json`,
    on("messages.create", ({ response, account, form }) => {
      const message = createMessage(carrier, account, {
        to: form.get("To") ?? "",
        from: form.get("From") ?? "",
        messagingServiceSid: form.get("MessagingServiceSid") ?? "",
        body: form.get("Body") ?? "",
        mediaUrls: form.getAll("MediaUrl"),
        statusCallback: form.get("StatusCallback") ?? "",
      });
      response.status(201).json(presentMessage(message));
    }),
  );
  router.get(
    `${root}/Messages.json`,
    on("messages.list", ({ request, response, account, query }) => {
      const messages = listMessages(state, account, query);
      response.json(paginate("messages", messages, presentMessage, request.path, query));
    }),
  );
  router.get(
    `${root}/Messages/:sid.json`,
    on("messages.get", (call) => {
      call.response.json(presentMessage(messageOf(call)));
    }),
  );
  router.post(
    `${root}/Messages/:sid.json`,
    on("messages.update", (call) => {
      const message = messageOf(call);
      updateMessage(message, call.form);
      call.response.json(presentMessage(message));
    }),
  );
  router.delete(
    `${root}/Messages/:sid.json`,
    on("messages.delete", (call) => {
      state.messages.delete(messageOf(call).sid);
      call.response.status(204).end();
    }),
  );

  const media = `${root}/Messages/:sid/Media`;
  router.get(
    `${media}.json`,
    on("media.get", (call) => {
      const message = messageOf(call);
      const present = (each: Media) => presentMedia(message, each);
      call.response.json(
        paginate("media_list", message.media, present, call.request.path, call.query),
      );
    }),
  );
  router.get(
    `${media}/:media.json`,
    on("media.get", (call) => {
      call.response.json(presentMedia(messageOf(call), mediaOf(call)));
    }),
  );
  router.get(
    `${media}/:media`,
    on("media.get", (call) => {
      const { request, response, account } = call;
      const found = mediaOf(call);
      const origin = `${request.protocol}://${request.get("host")}`;
      response.redirect(302, `${origin}/cdn/${account.sid}/${messageOf(call).sid}/${found.sid}`);
    }),
  );
  router.delete(
    `${media}/:media.json`,
    on("media.get", (call) => {
      const message = messageOf(call);
      message.media.splice(message.media.indexOf(mediaOf(call)), 1);
      call.response.status(204).end();
    }),
  );
  router.get("/cdn/:account/:sid/:media", (request, response) => {
    const message = state.messages.get(pathPart(request, "sid"));
    const found = message?.media.find((each) => each.sid === pathPart(request, "media"));
    if (!found) {
      response.status(403).type("xml").send("<Error><Code>AccessDenied</Code></Error>");
      return;
    }
    response.type(found.contentType).send(found.bytes);
  });
  router.all("/2010-04-01/{*rest}", (request) => {
    throw notFound(request);
  });

  function numberOf({ request, account }: Call): PhoneNumber {
    const number = state.numbers.get(pathPart(request, "sid"));
    if (number?.accountSid !== account.sid) throw notFound(request);
    return number;
  }
  function messageOf({ request, account }: Call): Message {
    const message = state.messages.get(pathPart(request, "sid"));
    if (message?.accountSid !== account.sid) throw notFound(request);
    return message;
  }
  function mediaOf(call: Call): Media {
    const sid = pathPart(call.request, "media");
    const found = messageOf(call).media.find((each) => each.sid === sid);
    if (!found) throw notFound(call.request);
    return found;
  }
  return router;
}

function pathPart(request: Request, name: string): string {
  const value = request.params[name];
  return typeof value === "string" ? value : "";
}

function notFound(request: Request): TwilioError {
  return new TwilioError(20404, `The requested resource ${request.path} was not found`, 404);
}
