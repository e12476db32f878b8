/** Whether this keyboard has ⌘ and ⌥ in place of Ctrl and Alt. */
export const isMac = /Mac|iPhone|iPad/.test(navigator.platform);
