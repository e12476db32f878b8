import type { PresentPerson } from "@livechat/shared";

/** After this long without a word, somebody who was typing is not any more. */
const typingLastsMs = 5_000;

/**
 * The pause between two announcements for one workspace: a fifth of a second,
 * and longer where many listen to many, as that traffic grows with the square.
 */
function choosePauseMs(people: number): number {
  return Math.min(Math.max(200, people ** 2 / 100), 15_000);
}

/** What another server last said is forgotten after this long. */
const remoteLastsMs = 45_000;

export interface Presence {
  enter(workspaceId: string, socketId: string, person: { userId: string; name: string }): void;
  leave(workspaceId: string, socketId: string): void;
  setViewing(workspaceId: string, socketId: string, contactId: string | null): void;
  setTyping(workspaceId: string, socketId: string, contactId: string, isTyping: boolean): void;
  setAway(workspaceId: string, socketId: string, isAway: boolean): void;
  /** Who is in the workspace, on every server that we hear of. One entry per person. */
  list(workspaceId: string): PresentPerson[];
  /** Takes what another server says of its own people. */
  learn(serverId: string, workspaceId: string, people: PresentPerson[]): void;
  /** Announces everything again, for those who missed it. */
  repeat(): void;
  stop(): void;
}

export interface PresenceListener {
  /** To the browsers here. */
  announce(workspaceId: string, people: PresentPerson[]): void;
  /** To the other servers: the people of this one. */
  share(workspaceId: string, people: PresentPerson[]): void;
}

/** Whose presence changed: that of people here is told to the other servers too. */
type News = "own" | "remote";

interface Tab {
  userId: string;
  displayName: string;
  viewingContactId: string | null;
  typingContactId: string | null;
  isAway: boolean;
  typingEnds: NodeJS.Timeout | undefined;
}

/** Who is here and what they look at. Kept in memory only: it is true only now. */
export function createPresence({ announce, share }: PresenceListener): Presence {
  // The tab that was last used stands last.
  const tabsByWorkspace = new Map<string, Map<string, Tab>>();
  const remotes = new Map<string, Map<string, { people: PresentPerson[]; heardAtMs: number }>>();
  const pauses = new Map<string, { timer: NodeJS.Timeout; news: News | null }>();

  function listOwn(workspaceId: string): PresentPerson[] {
    return mergePeople([...(tabsByWorkspace.get(workspaceId)?.values() ?? [])].reverse());
  }

  function list(workspaceId: string): PresentPerson[] {
    const known = remotes.get(workspaceId);
    const elsewhere = [...(known?.values() ?? [])].flatMap((remote) => remote.people);
    return mergePeople([...listOwn(workspaceId), ...elsewhere]);
  }

  function announceSoon(workspaceId: string, news: News): void {
    const pause = pauses.get(workspaceId);
    if (pause) {
      if (pause.news !== "own") pause.news = news;
      return;
    }
    const people = list(workspaceId);
    announce(workspaceId, people);
    if (news === "own") share(workspaceId, listOwn(workspaceId));
    const timer = setTimeout(() => {
      const waiting = pauses.get(workspaceId)?.news;
      pauses.delete(workspaceId);
      if (waiting) announceSoon(workspaceId, waiting);
    }, choosePauseMs(people.length));
    pauses.set(workspaceId, { timer, news: null });
  }

  function change(workspaceId: string, socketId: string, update: (tab: Tab) => void): void {
    const tabs = tabsByWorkspace.get(workspaceId);
    const tab = tabs?.get(socketId);
    if (!tabs || !tab) return;
    const before = JSON.stringify(listOwn(workspaceId));
    update(tab);
    tabs.delete(socketId);
    tabs.set(socketId, tab);
    if (JSON.stringify(listOwn(workspaceId)) !== before) announceSoon(workspaceId, "own");
  }

  function stopTyping(tab: Tab): void {
    clearTimeout(tab.typingEnds);
    tab.typingEnds = undefined;
    tab.typingContactId = null;
  }

  return {
    enter: (workspaceId, socketId, { userId, name }) => {
      const tabs = tabsByWorkspace.get(workspaceId) ?? new Map<string, Tab>();
      tabsByWorkspace.set(workspaceId, tabs);
      if (tabs.has(socketId)) return;
      tabs.set(socketId, {
        userId,
        displayName: name,
        viewingContactId: null,
        typingContactId: null,
        isAway: false,
        typingEnds: undefined,
      });
      announceSoon(workspaceId, "own");
    },
    leave: (workspaceId, socketId) => {
      const tabs = tabsByWorkspace.get(workspaceId);
      const tab = tabs?.get(socketId);
      if (!tabs || !tab) return;
      stopTyping(tab);
      tabs.delete(socketId);
      if (tabs.size === 0) tabsByWorkspace.delete(workspaceId);
      announceSoon(workspaceId, "own");
    },
    setViewing: (workspaceId, socketId, contactId) =>
      change(workspaceId, socketId, (tab) => {
        if (tab.typingContactId !== contactId) stopTyping(tab);
        tab.viewingContactId = contactId;
      }),
    setTyping: (workspaceId, socketId, contactId, isTyping) =>
      change(workspaceId, socketId, (tab) => {
        stopTyping(tab);
        if (!isTyping) return;
        tab.typingContactId = contactId;
        tab.typingEnds = setTimeout(
          () => change(workspaceId, socketId, stopTyping),
          typingLastsMs,
        ).unref();
      }),
    setAway: (workspaceId, socketId, isAway) =>
      change(workspaceId, socketId, (tab) => {
        tab.isAway = isAway;
      }),
    list,
    learn: (serverId, workspaceId, people) => {
      const known = remotes.get(workspaceId) ?? new Map();
      const before = JSON.stringify(list(workspaceId));
      if (people.length === 0) known.delete(serverId);
      else known.set(serverId, { people, heardAtMs: Date.now() });
      if (known.size === 0) remotes.delete(workspaceId);
      else remotes.set(workspaceId, known);
      if (JSON.stringify(list(workspaceId)) !== before) announceSoon(workspaceId, "remote");
    },
    repeat: () => {
      for (const [workspaceId, known] of remotes) {
        for (const [serverId, { heardAtMs }] of known) {
          if (Date.now() - heardAtMs > remoteLastsMs) known.delete(serverId);
        }
        if (known.size === 0) remotes.delete(workspaceId);
      }
      for (const workspaceId of tabsByWorkspace.keys()) announceSoon(workspaceId, "own");
    },
    stop: () => {
      for (const { timer } of pauses.values()) clearTimeout(timer);
      for (const tabs of tabsByWorkspace.values()) for (const tab of tabs.values()) stopTyping(tab);
      tabsByWorkspace.clear();
      remotes.clear();
    },
  };
}

function mergePeople(latestFirst: readonly (PresentPerson | Tab)[]): PresentPerson[] {
  const people = new Map<string, PresentPerson>();
  for (const each of latestFirst) {
    const known = people.get(each.userId);
    people.set(each.userId, {
      userId: each.userId,
      displayName: known?.displayName ?? each.displayName,
      viewingContactId: known?.viewingContactId ?? each.viewingContactId,
      typingContactId: known?.typingContactId ?? each.typingContactId,
      // Someone who is at one of their screens is here.
      isAway: (known?.isAway ?? true) && each.isAway,
    });
  }
  // One order whichever tab was last used, so that only a real change is news.
  return [...people.values()].sort((a, b) => (a.userId < b.userId ? -1 : 1));
}
