import { contactList, messageList, twilioConfig } from "@livechat/shared";
import sharp from "sharp";
import { expect, it } from "vitest";
import { startTestServer } from "./support/test-server.ts";

/** Asks again until it is so, for what happens a moment after the answer. */
async function until<T>(ask: () => Promise<T | undefined>): Promise<T> {
  for (const deadline = Date.now() + 15_000; Date.now() < deadline; ) {
    const found = await ask();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("It did not come about in time.");
}

it("alice sets up the simulator, gets a text and answers it", async () => {
  const picture = await sharp({
    create: { width: 64, height: 48, channels: 3, background: "#0a6cff" },
  })
    .png()
    .toBuffer();
  const test = await startTestServer("embedded", { isFirstStart: true });
  try {
    const alice = await test.signUp("alice");
    const { body: workspace } = await alice.api("POST", "/api/workspaces", { name: "Acme" });
    const workspaceId: string = workspace.id;
    const connected = await alice.api("POST", "/api/twilio/config/simulator", { workspaceId });
    const [number] = twilioConfig.parse(connected.body).numbers;
    if (!number) throw new Error("The simulator gave no number.");

    const base = `/api/workspaces/${workspaceId}`;
    const texted = await alice.api("POST", `${base}/simulator/texts`, {
      from: "+12025550143",
      to: number.phoneNumber,
      body: "Are you open?",
      media: [{ contentType: "image/png", base64: picture.toString("base64") }],
    });
    expect(texted.status).toBe(201);
    const contact = await until(async () => {
      const { body } = await alice.api("GET", `${base}/contacts`);
      return contactList.parse(body).items[0];
    });
    expect(contact).toMatchObject({ lastMessage: "Are you open?", unreadCount: 1 });

    await until(async () => {
      const { body } = await alice.api("GET", `${base}/contacts/${contact.id}/messages`);
      const { items } = messageList.parse(body);
      return items.find((each) => each.media[0]?.state === "stored");
    });

    const sent = await alice.api("POST", "/api/sms/send-sms", {
      workspaceId,
      contactId: contact.id,
      message: "Until six.",
    });
    expect(sent).toMatchObject({ status: 200, body: { success: true } });
    await until(async () => {
      const { body } = await alice.api("GET", `${base}/contacts/${contact.id}/messages`);
      const { items } = messageList.parse(body);
      return items.find((each) => each.content === "Until six." && each.status === "delivered");
    });
    expect((await alice.api("GET", "/api/me")).body.workspaces[0].twilioConnected).toBe(true);
  } finally {
    await test.close();
  }
}, 90_000);
