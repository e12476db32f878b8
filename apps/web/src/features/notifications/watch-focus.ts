interface Focus {
  tabId: string;
  hasFocus: boolean;
  contactId: string | null;
}

type Signal = { kind: "focus"; focus: Focus } | { kind: "closed"; tabId: string } | { kind: "ask" };

export interface FocusWatch {
  /** Tells the other tabs which conversation is open in this one. */
  show(contactId: string | null): void;
  /** Whether someone looks at any of our tabs now. */
  isAnywhere(): boolean;
  /** Whether someone looks at this conversation now, in whichever tab. */
  isOn(contactId: string): boolean;
  close(): void;
}

/** Lets the tabs of one browser know of each other what a person looks at. */
export function watchFocus(channelName: string): FocusWatch {
  const own: Focus = {
    tabId: crypto.randomUUID(),
    hasFocus: document.hasFocus(),
    contactId: null,
  };
  const others = new Map<string, Focus>();
  const channel = new BroadcastChannel(channelName);
  const send = (signal: Signal) => channel.postMessage(signal);
  const tell = () => send({ kind: "focus", focus: own });

  channel.addEventListener("message", ({ data }: MessageEvent<Signal>) => {
    switch (data.kind) {
      case "focus":
        others.set(data.focus.tabId, data.focus);
        return;
      case "closed":
        others.delete(data.tabId);
        return;
      case "ask":
        tell();
        return;
      default:
        // Another version of us may be open beside this one.
        data satisfies never;
    }
  });

  function onFocusChange() {
    own.hasFocus = document.hasFocus();
    tell();
  }
  const onLeave = () => send({ kind: "closed", tabId: own.tabId });
  window.addEventListener("focus", onFocusChange);
  window.addEventListener("blur", onFocusChange);
  document.addEventListener("visibilitychange", onFocusChange);
  window.addEventListener("pagehide", onLeave);
  send({ kind: "ask" });
  tell();

  const focused = () => [own, ...others.values()].filter(({ hasFocus }) => hasFocus);
  return {
    show(contactId) {
      own.contactId = contactId;
      tell();
    },
    isAnywhere: () => focused().length > 0,
    isOn: (contactId) => focused().some((focus) => focus.contactId === contactId),
    close() {
      onLeave();
      channel.close();
      window.removeEventListener("focus", onFocusChange);
      window.removeEventListener("blur", onFocusChange);
      document.removeEventListener("visibilitychange", onFocusChange);
      window.removeEventListener("pagehide", onLeave);
    },
  };
}
