import { createReadStream } from "node:fs";
import { mkdir, rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { Readable } from "node:stream";
import type { Platform } from "../config.ts";

/** Where files are kept. Paths are `<workspaceId>/<uuid>`; any other path throws. */
export interface MediaStore {
  put(path: string, bytes: Buffer, contentType: string): Promise<void>;
  /**
   * Null when there is no such file. `range` is inclusive on both ends, in
   * bytes; `sizeBytes` is always that of the whole file.
   */
  open(
    path: string,
    range?: { start: number; end: number },
  ): Promise<{ stream: Readable; sizeBytes: number } | null>;
  /** Also fine when the file is gone already. */
  remove(path: string): Promise<void>;
}

const uuid = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
const storePath = new RegExp(`^${uuid}/${uuid}$`);

/** The store of this way of running: files in the data folder, or Supabase Storage. */
export function createMediaStore(platform: Platform): MediaStore {
  switch (platform.kind) {
    case "embedded":
    case "postgres":
      return createFolderStore(path.join(platform.dataFolder, "media"));
    case "supabase":
      return createSupabaseStore(platform.supabaseUrl, platform.secretKey);
    default:
      return platform satisfies never;
  }
}

function checkPath(given: string): string {
  // Anything else could lead out of the folder or into another workspace.
  if (!storePath.test(given)) throw new Error("That is not a path of the media store.");
  return given;
}

function createFolderStore(folder: string): MediaStore {
  const locate = (given: string) => path.join(folder, ...checkPath(given).split("/"));
  return {
    put: async (given, bytes) => {
      const file = locate(given);
      await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
      const unfinished = `${file}.${crypto.randomUUID()}.tmp`;
      try {
        await writeFile(unfinished, bytes, { mode: 0o600, flush: true });
        await rename(unfinished, file);
      } catch (error) {
        await rm(unfinished, { force: true });
        throw error;
      }
    },
    open: async (given, range) => {
      const file = locate(given);
      const found = await stat(file).catch((error: NodeJS.ErrnoException) => {
        if (error.code === "ENOENT") return null;
        throw error;
      });
      return found && { stream: createReadStream(file, range), sizeBytes: found.size };
    },
    remove: (given) => rm(locate(given), { force: true }),
  };
}

const bucket = "livechat-media";
const storageTimeoutMs = 60_000;

function createSupabaseStore(supabaseUrl: string, secretKey: string): MediaStore {
  const root = `${supabaseUrl.replace(/\/+$/, "")}/storage/v1/object`;
  const request = (method: string, url: string, headers: object = {}, body?: Buffer) =>
    fetch(url, {
      method,
      headers: { apikey: secretKey, authorization: `Bearer ${secretKey}`, ...headers },
      ...(body ? { body: new Uint8Array(body) } : {}),
      signal: AbortSignal.timeout(storageTimeoutMs),
    });
  const refuse = (response: Response) =>
    new Error(`Supabase Storage answered with status ${response.status}.`);
  return {
    put: async (given, bytes, contentType) => {
      const url = `${root}/${bucket}/${checkPath(given)}`;
      const headers = { "content-type": contentType, "x-upsert": "true" };
      const response = await request("POST", url, headers, bytes);
      if (!response.ok) throw refuse(response);
    },
    open: async (given, range) => {
      const url = `${root}/authenticated/${bucket}/${checkPath(given)}`;
      const headers = range ? { range: `bytes=${range.start}-${range.end}` } : {};
      const response = await request("GET", url, headers);
      // Supabase Storage says 400 where there is no such object.
      if (response.status === 404 || response.status === 400) return null;
      if (!response.ok || !response.body) throw refuse(response);
      const whole = response.headers.get("content-range")?.split("/")[1];
      const sizeBytes = Number(whole ?? response.headers.get("content-length"));
      return { stream: Readable.fromWeb(response.body), sizeBytes };
    },
    remove: async (given) => {
      const response = await request("DELETE", `${root}/${bucket}/${checkPath(given)}`);
      if (!response.ok && response.status !== 404 && response.status !== 400) {
        throw refuse(response);
      }
    },
  };
}
