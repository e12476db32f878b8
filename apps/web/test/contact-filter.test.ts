import type { Contact, ContactFilter } from "@livechat/shared";
import { buildContact } from "@livechat/shared/testing";
import { beforeEach, describe, expect, it } from "vitest";
import { listLoadedContacts } from "../src/realtime/contact-filter.ts";

const alice = "11111111-1111-4111-8111-111111111111";
const bob = "22222222-2222-4222-8222-222222222222";

let rows: Map<string, Contact>;
let filter: ContactFilter;

beforeEach(() => {
  rows = new Map();
  for (const [at, id] of ["cid", "bea", "ann"].entries()) {
    const lastMessageAt = new Date(Date.UTC(2026, 5, 1, 12, at)).toISOString();
    rows.set(id, buildContact({ id, lastMessageAt, unreadCount: 1, assignedTo: null }));
  }
});

const list = (openId: string | null) =>
  listLoadedContacts({ contacts: rows }, { filter, end: null, userId: alice }, openId).map(
    ({ id }) => id,
  );

function change(id: string, values: Partial<Contact>): void {
  const row = rows.get(id);
  if (!row) throw new Error(`There is no ${id}.`);
  rows = new Map(rows).set(id, { ...row, ...values });
}

describe("what was opened stays in its list", () => {
  it("read, until another one is opened", () => {
    filter = { view: "unread", sort: "recent" };
    expect(list("bea")).toEqual(["ann", "bea", "cid"]);
    change("bea", { unreadCount: 0 });
    expect(list("bea")).toEqual(["ann", "bea", "cid"]);
    expect(list(null)).toEqual(["ann", "bea", "cid"]);
    expect(list("cid")).toEqual(["ann", "cid"]);
    expect(list("bea")).toEqual(["ann", "cid"]);
  });

  it("taken on, but not handed on", () => {
    filter = { view: "unassigned", sort: "recent" };
    expect(list("bea")).toEqual(["ann", "bea", "cid"]);
    change("bea", { assignedTo: alice });
    expect(list("bea")).toEqual(["ann", "bea", "cid"]);
    filter = { view: "mine", sort: "recent" };
    expect(list("bea")).toEqual(["bea"]);
    change("bea", { assignedTo: bob });
    expect(list("bea")).toEqual([]);
  });

  it.each<[string, Partial<Contact>]>([
    ["done", { conversationStatus: "Done" }],
    ["snoozed", { snoozedUntil: "2026-06-02T12:00:00.000Z" }],
    ["blocked", { blockedAt: "2026-06-01T12:10:00.000Z" }],
  ])("but not once it is %s", (_, values) => {
    filter = { view: "unread", sort: "recent" };
    list("bea");
    change("bea", { unreadCount: 0 });
    expect(list("bea")).toEqual(["ann", "bea", "cid"]);
    change("bea", values);
    expect(list("bea")).toEqual(["ann", "cid"]);
  });

  it("nor in another list, nor after someone else read it", () => {
    filter = { view: "open", sort: "recent" };
    list("bea");
    filter = { view: "unread", sort: "recent" };
    expect(list(null)).toEqual(["ann", "bea", "cid"]);
    change("bea", { unreadCount: 0 });
    expect(list(null)).toEqual(["ann", "cid"]);
    expect(list("bea")).toEqual(["ann", "cid"]);
  });
});
