import type { MediaLinks } from "@livechat/shared";
import { useEffect, useRef, useState } from "react";
import type { InboxApi } from "../../realtime/inbox-api.ts";
import { useInbox, useInboxPart } from "../../realtime/use-inbox.tsx";

interface CachedLink {
  url: string;
  expiresAtMs: number;
}

const renewBeforeMs = 60_000;
const gatherMs = 20;
const maxPerRequest = 100;

/** One per API: a link is asked for once for all who show the same file. */
const caches = new WeakMap<InboxApi, ReturnType<typeof createMediaLinkCache>>();

/**
 * Links to files, gathered into few requests and kept until shortly before they
 * expire. `load` answers null for a file that the server does not link, and
 * throws what the request threw.
 */
export function createMediaLinkCache(
  request: (mediaIds: string[]) => Promise<MediaLinks>,
  nowMs: () => number = Date.now,
) {
  const links = new Map<string, CachedLink>();
  const waiting = new Map<
    string,
    { resolve(url: string | null): void; reject(error: unknown): void }[]
  >();
  let timer: ReturnType<typeof setTimeout> | null = null;

  async function flush(): Promise<void> {
    timer = null;
    const batch = [...waiting].slice(0, maxPerRequest);
    for (const [mediaId] of batch) waiting.delete(mediaId);
    if (waiting.size > 0) timer = setTimeout(flush, 0);
    try {
      const { items } = await request(batch.map(([mediaId]) => mediaId));
      for (const item of items) {
        links.set(item.mediaId, { url: item.url, expiresAtMs: Date.parse(item.expiresAt) });
      }
      for (const [mediaId, askers] of batch) {
        for (const asker of askers) asker.resolve(links.get(mediaId)?.url ?? null);
      }
    } catch (error) {
      for (const [, askers] of batch) for (const asker of askers) asker.reject(error);
    }
  }

  function read(mediaId: string): string | null {
    const link = links.get(mediaId);
    return link && link.expiresAtMs - renewBeforeMs > nowMs() ? link.url : null;
  }

  return {
    read,
    forget: (mediaId: string) => links.delete(mediaId),
    load(mediaId: string): Promise<string | null> {
      const known = read(mediaId);
      if (known) return Promise.resolve(known);
      links.delete(mediaId);
      return new Promise((resolve, reject) => {
        waiting.set(mediaId, [...(waiting.get(mediaId) ?? []), { resolve, reject }]);
        if (timer === null) timer = setTimeout(flush, gatherMs);
      });
    },
  };
}

function getCache(api: InboxApi): ReturnType<typeof createMediaLinkCache> {
  const known = caches.get(api);
  if (known) return known;
  const made = createMediaLinkCache(api.linkMedia);
  caches.set(api, made);
  return made;
}

/** A link to one file; null for a file that the server does not link. Throws what the request threw. */
export function loadMediaLink(api: InboxApi, mediaId: string): Promise<string | null> {
  return getCache(api).load(mediaId);
}

/** A link to a stored file: null while it is asked for, `failed` when there is none to be had. */
export function useMediaLink(mediaId: string | null): {
  url: string | null;
  isFailed: boolean;
  /** Asks anew, for a link that no longer opens. */
  renew(): void;
} {
  const { store } = useInbox();
  const links = getCache(store.api);
  const [attempt, setAttempt] = useState(0);
  const [loaded, setLoaded] = useState<{ mediaId: string; url: string | null } | null>(null);
  useEffect(() => {
    if (!mediaId) return;
    let isCurrent = true;
    if (attempt > 0) links.forget(mediaId);
    links.load(mediaId).then(
      (url) => isCurrent && setLoaded({ mediaId, url }),
      () => isCurrent && setLoaded({ mediaId, url: null }),
    );
    return () => {
      isCurrent = false;
    };
  }, [links, mediaId, attempt]);
  const current = loaded?.mediaId === mediaId ? loaded : null;
  const isLive = useInboxPart((snapshot) => snapshot.connection === "live");
  const isBroken = attempt > 0 || (current !== null && current.url === null);
  const latestIsBroken = useRef(isBroken);
  useEffect(() => {
    latestIsBroken.current = isBroken;
  });
  useEffect(() => {
    // What failed while the line was down is worth another look now that it is back.
    if (isLive && latestIsBroken.current) setAttempt((count) => count + 1);
  }, [isLive]);
  const url = current ? current.url : mediaId ? links.read(mediaId) : null;
  return {
    url,
    isFailed: current !== null && current.url === null,
    // Once: a file that stays broken must not be asked for without end.
    renew: () => setAttempt((count) => (count === 0 ? 1 : count)),
  };
}
