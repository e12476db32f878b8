export type FaultKind =
  | "delay"
  | "404"
  | "429"
  | "500"
  | "refuse"
  | "refuse-as-problem"
  | "accept-then-500"
  | "accept-then-502"
  | "accept-then-hang"
  | "accept-then-reset"
  | "malformed";

export type RouteName =
  | "accounts.get"
  | "numbers.list"
  | "numbers.get"
  | "numbers.update"
  | "messages.create"
  | "messages.get"
  | "messages.list"
  | "messages.update"
  | "messages.delete"
  | "media.get"
  | "services.list"
  | "services.get"
  | "services.update"
  | "services.numbers"
  | "tokens.update";

export interface Fault {
  route: RouteName | "*";
  kind: FaultKind;
  times: number;
  /** For `delay`, 1 s when absent, and for `accept-then-hang`, 30 s when absent. */
  delayMs?: number | undefined;
  /** For `refuse`: Twilio's error code and the HTTP status; 20003 and 401 when absent. */
  code?: number | undefined;
  status?: number | undefined;
}

export interface CallbackFault {
  kind: "lost" | "duplicated" | "out-of-order" | "delay";
  times: number;
  delayMs?: number | undefined;
}

export interface FaultQueue {
  requests: Fault[];
  callbacks: CallbackFault[];
}

/** Takes one use of the oldest fault that is meant for this route. */
export function takeFault(queue: FaultQueue, route: RouteName): Fault | undefined {
  const fault = queue.requests.find((each) => each.route === route || each.route === "*");
  if (!fault) return undefined;
  fault.times -= 1;
  if (fault.times <= 0) queue.requests.splice(queue.requests.indexOf(fault), 1);
  return fault;
}

/** Takes one use of the oldest callback fault. */
export function takeCallbackFault(queue: FaultQueue): CallbackFault | undefined {
  const fault = queue.callbacks[0];
  if (!fault) return undefined;
  fault.times -= 1;
  if (fault.times <= 0) queue.callbacks.shift();
  return fault;
}
