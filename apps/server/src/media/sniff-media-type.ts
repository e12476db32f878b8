import { fileTypeFromBuffer } from "file-type";

const plainerNames: Record<string, string> = {
  "audio/x-m4a": "audio/mp4",
  "audio/opus": "audio/ogg",
  "text/x-vcard": "text/vcard",
};

/**
 * What a file is, told from its bytes alone: a name or a declared type can lie.
 * Null when it can't be told, and for markup, which could run scripts.
 */
export async function sniffMediaType(bytes: Buffer): Promise<string | null> {
  const found = await fileTypeFromBuffer(bytes);
  const mime = found?.mime.split(";")[0]?.trim();
  if (mime) return isMarkup(mime) ? null : (plainerNames[mime] ?? mime);
  return sniffText(bytes);
}

function isMarkup(mime: string): boolean {
  return /(^|[/+])(xml|html|svg)/.test(mime);
}

function sniffText(bytes: Buffer): string | null {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what tells bytes from text.
  if (/[\u0000-\u0008\u000e-\u001f]/.test(text)) return null;
  const start = text.trimStart();
  if (start.startsWith("<")) return null;
  return /^BEGIN:VCARD\b/i.test(start) ? "text/vcard" : "text/plain";
}
