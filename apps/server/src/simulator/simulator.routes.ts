import { type SimulatorState, simulatorState, textFromPhoneRequest } from "@livechat/shared";
import type { Message } from "@livechat/twilio-simulator";
import type { Context } from "../context.ts";
import { DomainError } from "../errors.ts";
import { type Endpoint, endpoint, ofWorkspace } from "../http/endpoint.ts";
import { findCredentials } from "../twilio/find-credentials.ts";
import { findSimulator, type RunningSimulator } from "./start-simulator.ts";

/** As many as a phone's screen needs; all of them would travel with every look. */
const maxMessages = 200;
/** Larger files are named but not shown: each travels inside the answer. */
const maxInlineBytes = 200_000;

/** The routes behind the simulated phone on the screen. */
export const simulatorEndpoints: Endpoint[] = [
  endpoint(
    {
      method: "get",
      path: "/api/workspaces/:workspaceId/simulator",
      summary: "What the simulated phones of this workspace show.",
      access: "member",
      params: ofWorkspace,
      response: simulatorState,
    },
    async (context, { params: { workspaceId } }) => {
      const account = await getAccount(context, workspaceId);
      return presentState(account);
    },
  ),
  endpoint(
    {
      method: "post",
      path: "/api/workspaces/:workspaceId/simulator/texts",
      summary: "Texts one of the workspace's numbers from a simulated phone.",
      access: "member",
      params: ofWorkspace,
      body: textFromPhoneRequest,
      response: simulatorState,
      status: 201,
    },
    async (context, { params: { workspaceId }, body }) => {
      const account = await getAccount(context, workspaceId);
      if (!listNumbers(account).includes(body.to)) {
        throw new DomainError("not_found", "This is not one of the workspace's simulated numbers.");
      }
      if (body.body === "" && body.media.length === 0) {
        throw new DomainError("message_empty", "Write something or attach a file.");
      }
      await account.running.simulator.textFromPhone(body);
      return presentState(account);
    },
  ),
];

interface Account {
  running: RunningSimulator;
  accountSid: string;
}

async function getAccount(context: Context, workspaceId: string): Promise<Account> {
  const running = findSimulator(context.database);
  if (!running) throw new DomainError("not_found", "The simulator is switched off.");
  const credentials = await findCredentials(context, workspaceId);
  if (!credentials || !(await running.recognise(credentials.accountSid))) {
    throw new DomainError(
      "twilio_not_connected",
      "This workspace is not connected to the simulator. An admin can connect it in the settings.",
    );
  }
  return { running, accountSid: credentials.accountSid };
}

function listNumbers({ running, accountSid }: Account): string[] {
  return running.simulator
    .numbers()
    .filter((number) => number.accountSid === accountSid)
    .map((number) => number.phoneNumber);
}

function presentState(account: Account): SimulatorState {
  return {
    numbers: listNumbers(account),
    messages: account.running.simulator
      .messages()
      .filter((message) => message.accountSid === account.accountSid)
      .slice(-maxMessages)
      .map(presentMessage),
  };
}

function presentMessage(message: Message): SimulatorState["messages"][number] {
  const fromPhone = message.direction === "inbound";
  const from = message.from ?? "";
  return {
    sid: message.sid,
    phone: fromPhone ? from : message.to,
    number: fromPhone ? message.to : from,
    fromPhone,
    body: message.body,
    media: message.media.map(({ contentType, bytes }) => ({
      contentType,
      // The page's own session can't travel with an <img>, so the picture does.
      url:
        bytes.length <= maxInlineBytes
          ? `data:${contentType};base64,${bytes.toString("base64")}`
          : "",
    })),
    status: message.status,
    createdAt: message.dateCreated.toISOString(),
  };
}
