import { beforeEach, expect, it, vi } from "vitest";
import { openFakeWindow } from "./support/fake-window.ts";

let page: ReturnType<typeof openFakeWindow>;
beforeEach(() => {
  page = openFakeWindow();
  vi.resetModules();
});

const load = () => import("../src/preferences/preferences.ts");

it("begins with the first choices and keeps what is set", async () => {
  const first = await load();
  expect(first.readPreferences()).toMatchObject({ sendWith: "enter", emojiSkinTone: "none" });
  first.setPreference("sendWith", "mod_enter");
  vi.resetModules();
  expect((await load()).readPreferences().sendWith).toBe("mod_enter");
});

it("takes what is damaged or unknown for not set, and keeps the rest", async () => {
  page.stored.set("livechat.preferences", '{"sendWith":"shout","warnsInQuietHours":false}');
  expect((await load()).readPreferences()).toMatchObject({
    sendWith: "enter",
    warnsInQuietHours: false,
  });
  vi.resetModules();
  page.stored.set("livechat.preferences", "{");
  expect((await load()).readPreferences().sendWith).toBe("enter");
});

it("follows another tab and overwrites nothing that it set", async () => {
  const { readPreferences, setPreference, subscribeToPreferences } = await load();
  const heard = vi.fn();
  const stop = subscribeToPreferences(heard);
  page.stored.set("livechat.preferences", '{"emojiSkinTone":"dark"}');
  page.dispatchStorage("livechat.preferences");
  expect(heard).toHaveBeenCalledTimes(1);
  expect(readPreferences().emojiSkinTone).toBe("dark");
  page.stored.set("livechat.preferences", '{"emojiSkinTone":"light"}');
  setPreference("sendWith", "mod_enter");
  expect(readPreferences()).toMatchObject({ emojiSkinTone: "light", sendWith: "mod_enter" });
  stop();
});

it("keeps a choice as long as the page when storage is forbidden", async () => {
  const { readPreferences, setPreference } = await load();
  page.isFull = true;
  setPreference("sendWith", "mod_enter");
  setPreference("warnsInQuietHours", false);
  expect(readPreferences()).toMatchObject({ sendWith: "mod_enter", warnsInQuietHours: false });
});
