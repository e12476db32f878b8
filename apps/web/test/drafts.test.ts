import { beforeEach, expect, it, vi } from "vitest";
import { readDraft, subscribeToDraft, writeDraft } from "../src/features/livechat/drafts.ts";
import { openFakeWindow } from "./support/fake-window.ts";

let page: ReturnType<typeof openFakeWindow>;
beforeEach(() => {
  page = openFakeWindow();
});

it("keeps a draft per conversation, tells its readers, and forgets an empty one", () => {
  const heard = vi.fn();
  const stop = subscribeToDraft("w", "anna", heard);
  writeDraft("w", "anna", "Dear An");
  writeDraft("w", "bert", "Hi Bert");
  expect(heard).toHaveBeenCalledTimes(1);
  expect(readDraft("w", "anna")).toBe("Dear An");
  expect(readDraft("w", "bert")).toBe("Hi Bert");
  expect(readDraft("other", "anna")).toBe("");
  writeDraft("w", "anna", "");
  expect(readDraft("w", "anna")).toBe("");
  expect(page.stored.size).toBe(1);
  stop();
  writeDraft("w", "anna", "again");
  expect(heard).toHaveBeenCalledTimes(2);
});

it("hears what another tab writes", () => {
  const heard = vi.fn();
  const stop = subscribeToDraft("w", "anna", heard);
  writeDraft("w", "anna", "x");
  const [key = ""] = [...page.stored.keys()];
  page.stored.set(key, "from the other tab");
  page.dispatchStorage(key);
  page.dispatchStorage("something.else");
  expect(heard).toHaveBeenCalledTimes(2);
  expect(readDraft("w", "anna")).toBe("from the other tab");
  stop();
});

it("keeps a draft as long as the page when storage is full", () => {
  page.isFull = true;
  writeDraft("w", "anna", "not lost");
  expect(readDraft("w", "anna")).toBe("not lost");
  page.isFull = false;
  writeDraft("w", "anna", "");
  expect(readDraft("w", "anna")).toBe("");
});
