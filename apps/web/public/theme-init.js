// Runs before the first paint, so that no page flashes in the wrong colours.
(() => {
  let choice = "system";
  try {
    choice = localStorage.getItem("livechat.colour-mode") ?? "system";
  } catch {
    // Storage may be blocked; the system's choice is a fine one.
  }
  const isDark =
    choice === "dark" || (choice !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  const mode = isDark ? "dark" : "light";
  document.documentElement.classList.add(mode);
  document.documentElement.dataset.theme = mode;
  document.documentElement.style.colorScheme = mode;
})();
