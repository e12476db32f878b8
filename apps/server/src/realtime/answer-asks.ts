import {
  type Acknowledgement,
  type ClientEventName,
  type ClientEventResults,
  clientEvents,
  type Problem,
} from "@livechat/shared";
import { sql } from "kysely";
import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import * as z from "zod";
import type { Context } from "../context.ts";
import { DomainError } from "../errors.ts";
import { presentProblem } from "../http/present-problem.ts";
import { sendMessage } from "../messages/send-message.ts";
import type { LiveSocket } from "./rooms.ts";
import type { Workspaces } from "./workspaces.ts";

/** Asks that one person may make in the window, over all tabs. Typing repeats itself every few seconds. */
const asksPerWindow = { points: 150, duration: 10 };

/** Beyond this many times the limit, it is no longer a browser of ours. */
const floodFactor = 10;

/** How many contacts are remembered to belong to their workspace. They never move. */
const maxKnownContacts = 10_000;

/** Answers what browsers ask over their sockets. */
export interface AskAnswerer {
  listen(socket: LiveSocket): void;
}

/**
 * Each ask is limited, parsed, answered through its acknowledgement (which may be
 * missing) and never throws, whatever a client sends.
 */
export function createAskAnswerer(context: Context, workspaces: Workspaces): AskAnswerer {
  const limiter = new RateLimiterMemory(asksPerWindow);
  const knownContacts = new Set<string>();

  async function checkContact(socket: LiveSocket, workspaceId: string, contactId: string) {
    const key = `${workspaceId} ${contactId}`;
    if (knownContacts.has(key)) return;
    const { rows } = await context.database.asMember(socket.data.caller.userId, (trx) =>
      sql`
        select from public.contacts where workspace_id = ${workspaceId} and id = ${contactId}
      `.execute(trx),
    );
    if (rows.length === 0) {
      throw new DomainError("contact_not_found", "There is no such contact here.");
    }
    if (knownContacts.size >= maxKnownContacts) knownContacts.clear();
    knownContacts.add(key);
  }

  async function send(socket: LiveSocket, payload: unknown) {
    try {
      const request = parseAsk("send_message", payload);
      const response = await sendMessage(context, { userId: socket.data.caller.userId }, request);
      socket.emit("message_sent", response);
      return response;
    } catch (error) {
      const id = withId.safeParse(payload);
      socket.emit("message_error", {
        id: id.success ? id.data.id : null,
        problem: presentProblem(error),
      });
      throw error;
    }
  }

  async function answer(
    socket: LiveSocket,
    name: ClientEventName,
    payload: unknown,
  ): Promise<ClientEventResults[ClientEventName]> {
    await limit(socket);
    switch (name) {
      case "join_workspace":
        return workspaces.join(socket, parseAsk(name, payload).workspaceId);
      case "leave_workspace":
        workspaces.leave(socket, parseAsk(name, payload).workspaceId, "asked");
        return null;
      case "send_message":
        return send(socket, payload);
      case "typing": {
        const { workspaceId, contactId, isTyping } = parseAsk(name, payload);
        workspaces.checkIsIn(socket, workspaceId);
        await checkContact(socket, workspaceId, contactId);
        workspaces.presence.setTyping(workspaceId, socket.id, contactId, isTyping);
        return null;
      }
      case "viewing": {
        const { workspaceId, contactId } = parseAsk(name, payload);
        workspaces.checkIsIn(socket, workspaceId);
        if (contactId !== null) await checkContact(socket, workspaceId, contactId);
        workspaces.presence.setViewing(workspaceId, socket.id, contactId);
        return null;
      }
      case "renew_token": {
        const caller = await context.tokens.verify(parseAsk(name, payload).token);
        if (caller.userId !== socket.data.caller.userId) {
          throw new DomainError("not_authenticated", "That is another person's token.");
        }
        socket.data.caller = caller;
        return null;
      }
      case "away": {
        const { workspaceId, isAway } = parseAsk(name, payload);
        workspaces.checkIsIn(socket, workspaceId);
        workspaces.presence.setAway(workspaceId, socket.id, isAway);
        return null;
      }
      default:
        return name satisfies never;
    }
  }

  async function limit(socket: LiveSocket): Promise<void> {
    try {
      await limiter.consume(socket.data.caller.userId);
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      if (refusal.consumedPoints > asksPerWindow.points * floodFactor) socket.disconnect(true);
      const retryAfterSeconds = Math.ceil(refusal.msBeforeNext / 1000);
      throw new DomainError("rate_limited", `Too much at once: wait ${retryAfterSeconds} s.`, {
        retryAfterSeconds,
      });
    }
  }

  return {
    listen: (socket) => {
      socket.onAny(async (name: unknown, ...rest: unknown[]) => {
        const acknowledge = rest.findLast((each) => typeof each === "function");
        const reply = (answered: Acknowledgement<unknown>) => acknowledge?.(answered);
        try {
          const known = clientEventName.safeParse(name);
          if (!known.success) throw new DomainError("invalid_request", "There is no such ask.");
          reply({ ok: true, result: await answer(socket, known.data, rest[0]) });
        } catch (error) {
          reply({ ok: false, problem: refuse(context, name, error) });
        }
      });
    },
  };
}

const clientEventName = z.enum(Object.keys(clientEvents) as [ClientEventName]);
const withId = z.object({ id: z.uuid() });

function parseAsk<N extends ClientEventName>(
  name: N,
  payload: unknown,
): z.output<(typeof clientEvents)[N]>;
function parseAsk(name: ClientEventName, payload: unknown): unknown {
  const parsed = clientEvents[name].safeParse(payload);
  if (parsed.success) return parsed.data;
  throw new DomainError("invalid_request", "Some fields of the ask are wrong.", {
    errors: parsed.error.issues.map((issue) => ({
      path: issue.path.join("."),
      message: issue.message,
    })),
  });
}

function refuse({ log }: Context, ask: unknown, error: unknown): Problem {
  const problem = presentProblem(error);
  if (problem.status >= 500) log.error({ err: error, ask }, "An ask over a socket failed.");
  return problem;
}
