const usualIcon = "/icon.svg";
const unreadIcon = "/icon-unread.svg";

/** The window's title, with how many conversations wait to be read before it. */
export function showTitle(title: string, count: number): void {
  document.title = count > 0 ? `(${count > 99 ? "99+" : count}) ${title}` : title;
}

/** The number on the tab's icon, as a dot, and on the installed app's, as a number. */
export function showUnreadOnIcon(count: number): void {
  const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
  const icon = count > 0 ? unreadIcon : usualIcon;
  if (link && link.getAttribute("href") !== icon) link.setAttribute("href", icon);
  if (!("setAppBadge" in navigator)) return;
  const shown = count > 0 ? navigator.setAppBadge(count) : navigator.clearAppBadge();
  // A browser that is not installed as an app may refuse.
  shown.catch(() => undefined);
}
