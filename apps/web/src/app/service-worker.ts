/**
 * Lets a browser install the product as an app. Does nothing in development, and
 * where a browser has no service workers or the page is not served securely.
 */
export function registerServiceWorker(): void {
  if (!import.meta.env.PROD || !("serviceWorker" in navigator)) return;
  addEventListener("load", () => {
    navigator.serviceWorker.register("/sw.js").catch(() => {
      // Blocked by the browser: everything but the installed app works without it.
    });
  });
}

/** Loads the page anew, with the worker that waits for it if there is one. */
export async function loadNewVersion(): Promise<void> {
  const registration = await navigator.serviceWorker?.getRegistration();
  registration?.waiting?.postMessage({ kind: "take_over" });
  location.reload();
}
