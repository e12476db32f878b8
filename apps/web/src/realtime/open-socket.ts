import type { ClientToServerEvents, ServerToClientEvents } from "@livechat/shared";
import { io, type Socket } from "socket.io-client";

export type InboxSocket = Socket<ServerToClientEvents, ClientToServerEvents>;

/** The socket of one page, not connected yet; it signs in with a fresh token at each connection. */
export function openSocket(getToken: () => Promise<string | null>): InboxSocket {
  return io({
    autoConnect: false,
    transports: ["websocket", "polling"],
    reconnectionDelay: 500,
    reconnectionDelayMax: 8000,
    randomizationFactor: 0.5,
    auth: (give) => {
      getToken().then(
        (token) => give({ token }),
        () => give({ token: null }),
      );
    },
  });
}
