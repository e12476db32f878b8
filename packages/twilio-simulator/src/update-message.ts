import type { Message } from "./state.ts";
import { TwilioError } from "./twilio-error.ts";

/** Redacts (`Body=`) or cancels (`Status=canceled`) a message; a message under way can't be canceled. */
export function updateMessage(message: Message, form: URLSearchParams): void {
  if (form.get("Status") === "canceled") {
    if (message.status !== "accepted" && message.status !== "queued") {
      throw new TwilioError(30409, "Message can't be canceled: it is no longer waiting.", 409);
    }
    message.status = "canceled";
  }
  if (form.get("Body") === "") message.body = "";
  message.dateUpdated = new Date();
}
