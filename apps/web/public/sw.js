// Makes the app installable and lets its frame open without a line. The server has the first
// word on every page; what is behind a sign-in is never kept.
const shellCache = "shell-1";
const assetCache = "assets-1";
const shellKey = "/";
const maxAssets = 200;
const neverKept = /^\/(api|auth|media|socket\.io|healthz|readyz|metrics)(\/|$)/;

self.addEventListener("activate", (event) => {
  event.waitUntil(dropOtherCaches());
});

self.addEventListener("message", ({ data }) => {
  if (data?.kind === "take_over") self.skipWaiting();
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (neverKept.test(url.pathname)) return;
  if (request.mode === "navigate") event.respondWith(openPage(request));
  else if (url.pathname.startsWith("/assets/")) event.respondWith(openAsset(request));
  else event.respondWith(openFile(request));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(openConversation(event.notification.data?.path ?? "/"));
});

// The page and its headers are kept together: the nonce of the one is named in the other.
async function openPage(request) {
  const cache = await caches.open(shellCache);
  try {
    const response = await fetch(request);
    if (response.ok && response.headers.get("content-type")?.includes("text/html"))
      await cache.put(shellKey, response.clone());
    return response;
  } catch (error) {
    const kept = await cache.match(shellKey);
    if (kept) return kept;
    throw error;
  }
}

// Their names change with their content, so a kept one is never stale.
async function openAsset(request) {
  const cache = await caches.open(assetCache);
  const kept = await cache.match(request);
  if (kept) return kept;
  const response = await fetch(request);
  if (response.ok) {
    await cache.put(request, response.clone());
    const keys = await cache.keys();
    for (const old of keys.slice(0, Math.max(0, keys.length - maxAssets))) await cache.delete(old);
  }
  return response;
}

async function openFile(request) {
  const cache = await caches.open(shellCache);
  try {
    const response = await fetch(request);
    if (response.ok) await cache.put(request, response.clone());
    return response;
  } catch (error) {
    const kept = await cache.match(request);
    if (kept) return kept;
    throw error;
  }
}

async function dropOtherCaches() {
  for (const name of await caches.keys())
    if (name !== shellCache && name !== assetCache) await caches.delete(name);
}

async function openConversation(path) {
  const [open] = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  if (!open) return self.clients.openWindow(path);
  await open.focus();
  open.postMessage({ kind: "open", path });
}
