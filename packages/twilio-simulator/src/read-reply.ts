export interface Reply {
  to: string | undefined;
  from: string | undefined;
  statusCallback: string | undefined;
  body: string;
  mediaUrls: string[];
}

/** What an application's answer asks for, or the Debugger code of what is wrong with it. */
export type ReadReply = { ok: true; replies: Reply[] } | { ok: false; code: number };

const MAX_ANSWER = 64 * 1024;

/**
 * Reads the answer to an inbound webhook: XML and HTML are TwiML, `text/plain` is texted back to the
 * sender as it is. Source: Twilio "TwiML for programmable messaging".
 */
export function readReply(status: number, contentType: string, body: string): ReadReply {
  if (status >= 300) return { ok: false, code: 11200 };
  if (body.length > MAX_ANSWER) return { ok: false, code: 11750 };
  if (status === 204 || (body === "" && contentType === "")) return { ok: true, replies: [] };
  const type = contentType.split(";")[0]?.trim().toLowerCase();
  switch (type) {
    case "text/plain":
      return { ok: true, replies: body === "" ? [] : [plainReply(body)] };
    case "text/xml":
    case "application/xml":
    case "text/html":
      return readTwiml(body);
    default:
      return { ok: false, code: 12300 };
  }
}

function plainReply(body: string): Reply {
  return { to: undefined, from: undefined, statusCallback: undefined, body, mediaUrls: [] };
}

function readTwiml(xml: string): ReadReply {
  const document = xml
    .replace(/<\?xml[^>]*\?>/, "")
    .replace(/<!--[\s\S]*?-->/g, "")
    .trim();
  if (document === "" || /^<Response\s*\/>$/.test(document)) return { ok: true, replies: [] };
  const root = /^<Response[^>]*>([\s\S]*)<\/Response\s*>$/.exec(document);
  if (!root) return { ok: false, code: 12100 };
  const replies: Reply[] = [];
  for (const found of (root[1] ?? "").matchAll(/<Message(\s[^>]*)?>([\s\S]*?)<\/Message\s*>/g)) {
    const attributes = found[1] ?? "";
    const content = found[2] ?? "";
    const inner = /<Body[^>]*>([\s\S]*?)<\/Body\s*>/.exec(content)?.[1];
    const media = [...content.matchAll(/<Media[^>]*>([\s\S]*?)<\/Media\s*>/g)];
    const text = inner ?? content.replace(/<Media[^>]*>[\s\S]*?<\/Media\s*>/g, "");
    replies.push({
      to: attribute(attributes, "to"),
      from: attribute(attributes, "from"),
      statusCallback: attribute(attributes, "statusCallback") ?? attribute(attributes, "action"),
      body: unescapeXml(text).trim(),
      mediaUrls: media.map((each) => unescapeXml(each[1] ?? "").trim()),
    });
  }
  return { ok: true, replies };
}

function attribute(attributes: string, name: string): string | undefined {
  const value = new RegExp(`\\s${name}=(?:"([^"]*)"|'([^']*)')`).exec(attributes);
  const raw = value?.[1] ?? value?.[2];
  return raw === undefined ? undefined : unescapeXml(raw);
}

function unescapeXml(text: string): string {
  return text
    .replace(/&#x([0-9a-f]+);/gi, (_, hex: string) =>
      String.fromCodePoint(Number.parseInt(hex, 16)),
    )
    .replace(/&#(\d+);/g, (_, digits: string) => String.fromCodePoint(Number(digits)))
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&apos;", "'")
    .replaceAll("&amp;", "&");
}
