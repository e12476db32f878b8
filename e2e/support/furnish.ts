import { randomUUID } from "node:crypto";
import { contactList } from "@livechat/shared";
import { ask, openWorkspace, type Person, textFromPhone } from "./people.ts";
import { buildPicture } from "./picture.ts";

/** A workspace as it looks after a busy morning. */
export interface Furnished {
  workspaceId: string;
  /** The conversations by their contacts' names. */
  contactIds: Map<string, string>;
}

const longName = "Maximiliane Charlotte Hohenstein-Oppenheimer";

/** Who texts, in which order, and what they say; the last one is on top of the list. */
const talks: {
  phone: string;
  name: string | null;
  texts: readonly (string | { ours: string } | "picture")[];
}[] = [
  { phone: "+12025550121", name: null, texts: ["🎉🎉"] },
  { phone: "+442079460958", name: null, texts: ["Do you ship to London?"] },
  { phone: "+12025550199", name: "Priya Raman", texts: ["Please stop", "STOP"] },
  {
    phone: "+12025550162",
    name: "ليلى حداد",
    texts: [
      "مرحبا، هل لديكم خوذات للأطفال؟",
      { ours: "نعم، لدينا مقاسات من عمر سنتين." },
      "ممتاز! سأمر غدا 🚲",
    ],
  },
  { phone: "+12025550114", name: longName, texts: ["Do you rent out tandems?"] },
  { phone: "+15005550009", name: "Old landline", texts: [{ ours: "Your wheel is here." }] },
  {
    phone: "+12025550176",
    name: "Jordan Lee 李",
    texts: ["Tuesday works 👍", { ours: "See you then!" }],
  },
  { phone: "+12025550187", name: "Ben Okafor", texts: ["The brake squeaks again 😬"] },
  {
    phone: "+12025550143",
    name: "Ana Silva",
    texts: [
      "Hi, is my bike ready?",
      { ours: "It is! New chain, new cables. Come by until six." },
      "Great. Is this the lock you meant?",
      "picture",
      { ours: "That one, yes. We keep one at the desk for you: lakeside.example/locks" },
      "❤️",
    ],
  },
];

/** Fills a new workspace of this person's with conversations worth looking at. */
export async function furnish(person: Person, name: string): Promise<Furnished> {
  const workspaceId = await openWorkspace(person, name);
  const base = `/api/workspaces/${workspaceId}`;
  const contactIds = new Map<string, string>();
  for (const talk of talks) {
    const created = await person.api("POST", `${base}/contacts`, {
      phoneNumber: talk.phone,
      ...(talk.name ? { name: talk.name } : {}),
    });
    const id =
      (created.body as { id?: string }).id ?? (await findContact(person, base, talk.phone));
    contactIds.set(talk.name ?? talk.phone, id);
    for (const text of talk.texts) {
      if (text === "picture") {
        await textFromPhone(person, workspaceId, {
          from: talk.phone,
          body: "",
          media: [{ contentType: "image/png", base64: buildPicture(320, 200).toString("base64") }],
        });
      } else if (typeof text === "string") {
        await textFromPhone(person, workspaceId, { from: talk.phone, body: text });
      } else {
        await person.api("POST", "/api/sms/send-sms", {
          workspaceId,
          contactId: id,
          message: text.ours,
          mediaUrls: [],
        });
      }
    }
  }
  const ana = contactIds.get("Ana Silva") ?? "";
  const ben = contactIds.get("Ben Okafor") ?? "";
  await person.api("PATCH", `${base}/contacts/${ana}`, {
    email: "ana.silva@example.com",
    company: "Silva & Daughters",
    timeZone: "America/New_York",
  });
  await person.api("POST", `${base}/contacts/${ana}/notes`, {
    id: randomUUID(),
    body: "Paid in advance. Give her the blue lock.",
  });
  const tag = await person.api("POST", `${base}/tags`, { name: "VIP", colour: "purple" });
  const tagId = (tag.body as { id?: string }).id;
  await person.api("POST", `${base}/conversations/changes`, {
    changes: [
      {
        contactId: ana,
        set: { assignedTo: person.userId, ...(tagId ? { addTagIds: [tagId] } : {}) },
      },
      { contactId: ben, set: { isUnread: true } },
    ],
  });
  await ask(person, "POST", `${base}/canned-replies`, {
    shortcut: "ready",
    content: "Hi {{first_name}}, your bike is ready. Come by until six.",
  });
  return { workspaceId, contactIds };
}

async function findContact(person: Person, base: string, phone: string): Promise<string> {
  const { body } = await person.api("GET", `${base}/contacts?q=${encodeURIComponent(phone)}`);
  const [contact] = contactList.parse(body).items;
  if (!contact) throw new Error(`${phone} is no contact.`);
  return contact.id;
}
