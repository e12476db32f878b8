import type { State } from "./state.ts";

/** Releases a number: it leaves its account and the pools of the account's services. */
export function removeNumber(state: State, phoneNumber: string): void {
  for (const number of [...state.numbers.values()]) {
    if (number.phoneNumber !== phoneNumber) continue;
    state.numbers.delete(number.sid);
    for (const service of state.accounts.get(number.accountSid)?.services.values() ?? []) {
      service.numbers = service.numbers.filter((each) => each !== phoneNumber);
    }
  }
}
