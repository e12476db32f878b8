import { type IDBPDatabase, openDB } from "idb";
import type { OutboxItem, OutboxKeeper } from "./outbox.ts";

interface Row extends OutboxItem {
  owner: string;
}

let opened: Promise<IDBPDatabase> | null = null;

function open(): Promise<IDBPDatabase> {
  opened ??= openDB("livechat", 1, {
    upgrade(database) {
      database.createObjectStore("outbox", { keyPath: "id" }).createIndex("owner", "owner");
    },
  }).catch((error: unknown) => {
    opened = null;
    throw error;
  });
  return opened;
}

/** The waiting texts of one person in one workspace, in IndexedDB, shared by their tabs. */
export function createOutboxKeeper(owner: string): OutboxKeeper {
  const channel =
    typeof BroadcastChannel === "undefined"
      ? null
      : new BroadcastChannel(`livechat.outbox.${owner}`);
  return {
    async list() {
      const rows: Row[] = await (await open()).getAllFromIndex("outbox", "owner", owner);
      return rows.map(({ owner: _, ...item }) => item);
    },
    async has(id) {
      return (await (await open()).getKey("outbox", id)) !== undefined;
    },
    async put(item) {
      await (await open()).put("outbox", { ...item, owner } satisfies Row);
      channel?.postMessage("changed");
    },
    async remove(id) {
      await (await open()).delete("outbox", id);
      channel?.postMessage("changed");
    },
    async alone(contactId, work) {
      if (!("locks" in navigator)) return work();
      await navigator.locks.request(`livechat.outbox.${owner}.${contactId}`, work);
    },
    onChange(listener) {
      channel?.addEventListener("message", listener);
    },
  };
}
