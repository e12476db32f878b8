import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import express from "express";
import request from "supertest";
import { afterAll, beforeAll, expect, it } from "vitest";
import { webApp } from "../src/http/web-app.ts";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "livechat-web-"));
  await writeFile(
    path.join(folder, "index.html"),
    [
      "<head>",
      '  <link rel="modulepreload" crossorigin href="/assets/react.js">',
      '  <link rel="modulepreload" crossorigin href="/assets/inbox.js" data-for="inbox">',
      "</head>",
    ].join("\n"),
  );
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

it("names the inbox's code in the pages that lead there, and in no other", async () => {
  const app = express().use(webApp(folder));
  for (const leading of ["/", "/w/one", "/w/one/c/two?m=three"]) {
    const page = await request(app).get(leading).expect(200);
    expect(page.text, leading).toContain("/assets/inbox.js");
  }
  for (const other of ["/sign-in", "/welcome", "/invite/abc", "/what"]) {
    const page = await request(app).get(other).expect(200);
    expect(page.text, other).toContain("/assets/react.js");
    expect(page.text, other).not.toContain("inbox");
  }
});
