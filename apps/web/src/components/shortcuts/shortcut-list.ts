/** What one shortcut is called and which keys give it. */
export interface Shortcut {
  label: string;
  group: "Everywhere" | "List" | "Conversation";
  /**
   * Each is one way to give it: a key (`j`, `?`, `Escape`), keys one after the
   * other (`g i`), or a combination (`Mod+k`, `Alt+J`), where Mod is ⌘ or Ctrl.
   */
  keys: readonly string[];
  /** It also works while a person writes. Combinations do as well, unless they type something. */
  whileTyping?: boolean;
  /** It also works under an open dialog. */
  inDialogs?: boolean;
  /** The element with the focus answers it by itself: it is only listed. */
  isNative?: boolean;
}

/**
 * Every shortcut of the product. What is shown in the help, beside a command and
 * in a tooltip comes from here, and so does what the keyboard does.
 */
export const shortcuts = {
  openPalette: {
    label: "Search and commands",
    group: "Everywhere",
    keys: ["Mod+k"],
    inDialogs: true,
  },
  search: { label: "Search", group: "Everywhere", keys: ["/"] },
  showHelp: { label: "Show the shortcuts", group: "Everywhere", keys: ["?"] },
  goToInbox: { label: "Go to the inbox", group: "Everywhere", keys: ["g i"] },
  goToContacts: { label: "Go to contacts", group: "Everywhere", keys: ["g c"] },
  goToScheduled: { label: "Go to scheduled texts", group: "Everywhere", keys: ["g t"] },
  goToSettings: { label: "Go to settings", group: "Everywhere", keys: ["g s"] },
  nextRow: { label: "Down the list", group: "List", keys: ["j"] },
  previousRow: { label: "Up the list", group: "List", keys: ["k"] },
  openRow: { label: "Open the conversation", group: "List", keys: ["Enter"], isNative: true },
  selectRow: { label: "Select for several at once", group: "List", keys: ["x"] },
  nextConversation: { label: "Open the next conversation", group: "List", keys: ["Alt+J"] },
  previousConversation: {
    label: "Open the previous conversation",
    group: "List",
    keys: ["Alt+K"],
  },
  newConversation: { label: "New conversation", group: "List", keys: ["c"] },
  reply: { label: "Write a reply", group: "Conversation", keys: ["r", "Alt+L"] },
  note: { label: "Write an internal note", group: "Conversation", keys: ["n", "Alt+P"] },
  done: { label: "Mark as done", group: "Conversation", keys: ["e", "Alt+E"] },
  snooze: { label: "Snooze", group: "Conversation", keys: ["z", "Alt+M"] },
  assign: { label: "Assign", group: "Conversation", keys: ["a"] },
  markUnread: { label: "Mark as unread", group: "Conversation", keys: ["u"] },
  findInConversation: {
    label: "Search in the conversation",
    group: "Conversation",
    keys: ["Mod+f"],
  },
  showDetails: { label: "Show or hide the details", group: "Conversation", keys: ["i"] },
  leave: {
    label: "Leave the text field, then the conversation",
    group: "Conversation",
    keys: ["Escape"],
    whileTyping: true,
  },
} as const satisfies Record<string, Shortcut>;

export type ShortcutId = keyof typeof shortcuts;

/** The shortcuts of the list in its order, as what they share. */
export const shortcutEntries: readonly (readonly [ShortcutId, Shortcut])[] = Object.entries(
  shortcuts,
) as [ShortcutId, Shortcut][];
