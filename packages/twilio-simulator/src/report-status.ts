import type { Carrier } from "./carrier.ts";
import { takeCallbackFault } from "./faults.ts";
import { sendWebhook } from "./send-webhook.ts";
import type { Message } from "./state.ts";

export interface StatusReporter {
  /** Reports the message's status of this moment to its StatusCallback, if it has one. */
  report(): void;
  /** Sends what an out-of-order fault still holds back. */
  flush(): void;
}

/**
 * Reports one message's statuses. Unordered and best-effort, as Twilio's are: nothing waits for an
 * answer, and the callback faults lose, repeat, delay or reorder them. `out-of-order` holds a
 * callback until the next one has been answered.
 */
export function createStatusReporter(carrier: Carrier, message: Message): StatusReporter {
  const held: Record<string, string>[] = [];

  const send = async (params: Record<string, string>): Promise<void> => {
    const answer = await sendWebhook(carrier, {
      kind: "status",
      accountSid: message.accountSid,
      messageSid: message.sid,
      url: message.statusCallback ?? "",
      method: "POST",
      params,
    });
    if (answer.outcome === "answered" && answer.status < 400) return;
    carrier.state.alerts.push({
      code: answer.outcome === "connect-failed" ? 11205 : 11200,
      messageSid: message.sid,
      url: message.statusCallback ?? "",
      at: new Date(),
    });
  };
  const sendThenHeld = async (params: Record<string, string>): Promise<void> => {
    await send(params);
    for (const late of held.splice(0)) await send(late);
  };

  return {
    report() {
      if (message.statusCallback === null) return;
      const params = statusParams(message);
      const fault = takeCallbackFault(carrier.faults);
      switch (fault?.kind) {
        case undefined:
          carrier.background(() => sendThenHeld(params));
          return;
        case "lost":
          return;
        case "duplicated":
          carrier.background(async () => {
            await sendThenHeld(params);
            await send(params);
          });
          return;
        case "delay":
          carrier.background(async () => {
            await carrier.pause(fault?.delayMs ?? 1_000);
            await sendThenHeld(params);
          });
          return;
        case "out-of-order":
          held.push(params);
          return;
        default: {
          const never: never = fault as never;
          return never;
        }
      }
    },
    flush() {
      const rest = held.splice(0);
      if (rest.length === 0) return;
      carrier.background(async () => {
        for (const params of rest.reverse()) await send(params);
      });
    },
  };
}

function statusParams(message: Message): Record<string, string> {
  const params: Record<string, string> = {
    MessageSid: message.sid,
    SmsSid: message.sid,
    MessageStatus: message.status,
    SmsStatus: message.status,
    AccountSid: message.accountSid,
    From: message.from ?? "",
    To: message.to,
    ApiVersion: "2010-04-01",
  };
  if (message.messagingServiceSid !== null)
    params.MessagingServiceSid = message.messagingServiceSid;
  if (message.errorCode !== null) params.ErrorCode = String(message.errorCode);
  if (message.errorMessage !== null) params.ErrorMessage = message.errorMessage;
  if (message.status === "delivered" || message.status === "undelivered") {
    params.RawDlrDoneDate = message.dateUpdated.toISOString().replace(/\D/g, "").slice(2, 12);
  }
  return params;
}
