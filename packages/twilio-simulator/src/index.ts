import express, { type Express, type NextFunction, type Request, type Response } from "express";
import { ZodError } from "zod";
import { type AccountOptions, addAccount } from "./add-account.ts";
import { Answered } from "./apply-fault.ts";
import { createCarrier } from "./carrier.ts";
import { controlRoutes } from "./control.routes.ts";
import type { CallbackFault, Fault } from "./faults.ts";
import { removeNumber } from "./remove-number.ts";
import { restRoutes } from "./rest.routes.ts";
import { serviceRoutes } from "./service.routes.ts";
import { restoreSnapshot, type Snapshot, takeSnapshot } from "./snapshot.ts";
import {
  type Account,
  type Alert,
  type Message,
  type PhoneCondition,
  type PhoneNumber,
  phoneOf,
  type WebhookAttempt,
} from "./state.ts";
import { type Text, textFromPhone } from "./text-from-phone.ts";
import { tokenRoutes } from "./token.routes.ts";
import { TwilioError } from "./twilio-error.ts";

export type { AccountOptions, ServiceOptions } from "./add-account.ts";
export type { CallbackFault, Fault, FaultKind, RouteName } from "./faults.ts";
export type { Snapshot } from "./snapshot.ts";
export type {
  Account,
  Alert,
  Message,
  PhoneCondition,
  PhoneNumber,
  Service,
  WebhookAttempt,
} from "./state.ts";
export type { Text, TextedMedia } from "./text-from-phone.ts";
export { TwilioError } from "./twilio-error.ts";

export interface SimulatorOptions {
  accounts: AccountOptions[];
  /** Between two steps of a message's life; 25 ms when absent. */
  statusDelayMs?: number;
  /** The origin written into `MediaUrl0`…; https://api.twilio.com when absent. */
  apiBaseUrl?: string;
  /** Whether outbound MediaUrls are really fetched; true when absent. */
  fetchOutboundMedia?: boolean;
  /** Where a URL of the application is really requested; as it is when absent. Signatures stay those of the URL. */
  reach?: (url: string) => string;
  /** Whether `/simulator` lets anyone who reaches the port act; true when absent. */
  isControlOpen?: boolean;
}

export interface Simulator {
  handler: Express;
  addAccount(account: AccountOptions): void;
  messages(): Message[];
  numbers(): PhoneNumber[];
  /** An account as it is; what its owner changes in the Console is changed here. */
  account(sid: string): Account | undefined;
  /** The number leaves its account, and any service. */
  removeNumber(phoneNumber: string): void;
  /** Every webhook request made, oldest first. */
  attempts(): WebhookAttempt[];
  alerts(): Alert[];
  textFromPhone(text: Text): Promise<Message>;
  setPhone(number: string, condition: PhoneCondition): void;
  injectFault(fault: Fault): void;
  injectCallbackFault(fault: CallbackFault): void;
  /** Everything but accounts and numbers, fit for JSON. */
  snapshot(): Snapshot;
  /** Puts a snapshot back, once the accounts are there. Throws a ZodError for anything else. */
  restore(snapshot: unknown): void;
  /** Resolves when every message has come to its end and every callback was answered. */
  idle(): Promise<void>;
  /** Stops all work under way; nothing is sent afterwards. */
  close(): void;
}

/** A carrier in memory that behaves as Twilio does, reachable through `handler`. */
export function createSimulator(options: SimulatorOptions): Simulator {
  const carrier = createCarrier({
    statusDelayMs: options.statusDelayMs ?? 25,
    apiBaseUrl: options.apiBaseUrl ?? "https://api.twilio.com",
    fetchOutboundMedia: options.fetchOutboundMedia ?? true,
    reach: options.reach ?? ((url) => url),
  });
  const { state, faults } = carrier;
  for (const account of options.accounts) addAccount(state, account);

  const handler = express();
  handler.disable("x-powered-by");
  if (options.isControlOpen ?? true) handler.use("/simulator", controlRoutes(carrier));
  handler.use(serviceRoutes(carrier), tokenRoutes(carrier), restRoutes(carrier));
  handler.use(answerError);

  return {
    handler,
    addAccount: (account) => addAccount(state, account),
    messages: () => [...state.messages.values()],
    numbers: () => [...state.numbers.values()],
    account: (sid) => state.accounts.get(sid),
    removeNumber: (phoneNumber) => removeNumber(state, phoneNumber),
    attempts: () => state.attempts,
    alerts: () => state.alerts,
    textFromPhone: (text) => textFromPhone(carrier, text),
    setPhone: (number, condition) => {
      phoneOf(state, number).condition = condition;
    },
    injectFault: (fault) => {
      faults.requests.push({ ...fault });
    },
    injectCallbackFault: (fault) => {
      faults.callbacks.push({ ...fault });
    },
    snapshot: () => takeSnapshot(state),
    restore: (snapshot) => restoreSnapshot(carrier, snapshot),
    idle: carrier.idle,
    close: carrier.close,
  };
}

function answerError(
  thrown: unknown,
  _request: Request,
  response: Response,
  next: NextFunction,
): void {
  if (thrown instanceof Answered) return;
  if (response.headersSent) {
    next(thrown);
    return;
  }
  const error =
    thrown instanceof TwilioError
      ? thrown
      : thrown instanceof ZodError
        ? new TwilioError(20001, thrown.message)
        : new TwilioError(20500, "Internal Server Error", 500);
  response.status(error.status).type("json").send(JSON.stringify(error));
}
