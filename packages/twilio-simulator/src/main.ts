import { z } from "zod";
import { createSimulator } from "./index.ts";

const environment = z
  .object({
    PORT: z.coerce.number().int().default(4010),
    HOST: z.string().default("127.0.0.1"),
    SIMULATOR_ACCOUNT_SID: z.string().default(`AC${"0".repeat(31)}1`),
    SIMULATOR_AUTH_TOKEN: z.string().default("simulator-auth-token"),
    SIMULATOR_NUMBERS: z.string().default("+15557122661,+15557122662"),
    SIMULATOR_SMS_URL: z.string().default(""),
    SIMULATOR_STATUS_DELAY_MS: z.coerce.number().int().default(400),
  })
  .parse(process.env);

const origin = `http://${environment.HOST}:${environment.PORT}`;
const simulator = createSimulator({
  statusDelayMs: environment.SIMULATOR_STATUS_DELAY_MS,
  apiBaseUrl: process.env.SIMULATOR_API_BASE_URL ?? origin,
  accounts: [
    {
      sid: environment.SIMULATOR_ACCOUNT_SID,
      authToken: environment.SIMULATOR_AUTH_TOKEN,
      numbers: environment.SIMULATOR_NUMBERS.split(",").map((phoneNumber) => ({
        phoneNumber,
        smsUrl: environment.SIMULATOR_SMS_URL,
      })),
    },
  ],
});
const server = simulator.handler.listen(environment.PORT, environment.HOST, () => {
  console.log(`Twilio simulator on ${origin}`);
});

const stop = (): void => {
  simulator.close();
  server.close(() => process.exit(0));
  server.closeIdleConnections();
};
process.once("SIGTERM", stop);
process.once("SIGINT", stop);
