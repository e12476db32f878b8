import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createSimulator, type PhoneNumber, type Simulator } from "@livechat/twilio-simulator";

/** A carrier of the test's own, which a stage talks to as if it were Twilio. */
export interface CarrierStage {
  /** For the stage's `TWILIO_API_BASE_URL`. */
  origin: string;
  simulator: Simulator;
  accountSid: string;
  authToken: string;
  /** A number as it is at the carrier; what is changed here was changed in its Console. */
  number(phoneNumber: string): PhoneNumber;
  close(): Promise<void>;
}

/** Opens a carrier with one company's account and these numbers, by where each posts its texts. */
export async function openCarrier(numbers: Record<string, string>): Promise<CarrierStage> {
  const accountSid = `AC${"5".repeat(32)}`;
  const authToken = "the-company-auth-token";
  const simulator = createSimulator({
    isControlOpen: false,
    accounts: [
      {
        sid: accountSid,
        authToken,
        friendlyName: "Lakeside Bikes Ltd",
        numbers: Object.entries(numbers).map(([phoneNumber, smsUrl]) => ({ phoneNumber, smsUrl })),
      },
    ],
  });
  const server = createServer(simulator.handler);
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    simulator,
    accountSid,
    authToken,
    number(phoneNumber) {
      const found = simulator.numbers().find((each) => each.phoneNumber === phoneNumber);
      if (!found) throw new Error(`The carrier has no number ${phoneNumber}.`);
      return found;
    },
    async close() {
      simulator.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
