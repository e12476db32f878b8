import {
  maxMediaPerText,
  maxOtherFileBytes,
  maxUploadBytes,
  type UploadedMedia,
} from "@livechat/shared";
import { v7 as makeId } from "uuid";
import { formatSize, uploadFile } from "./upload-file.ts";

/** A file that goes with the text that is being written. */
export interface Attachment {
  key: string;
  name: string;
  sizeBytes: number;
  /** A picture's own address in this browser; null for other files and after a reload. */
  preview: string | null;
  progress: number;
  stored: UploadedMedia | null;
  error: string | null;
  abort: AbortController;
}

const none: readonly Attachment[] = [];
/** By contact: files stay with their conversation while another one is open. */
const byContact = new Map<string, readonly Attachment[]>();
const listeners = new Set<() => void>();

export function readAttachments(contactId: string): readonly Attachment[] {
  return byContact.get(contactId) ?? none;
}

export function subscribeToAttachments(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/**
 * Begins to store files for a conversation's next text. Returns what to tell the
 * person when not all of them fit, else null.
 */
export function attachFiles(
  workspaceId: string,
  contactId: string,
  files: readonly File[],
): string | null {
  const room = Math.max(0, maxMediaPerText - readAttachments(contactId).length);
  for (const file of files.slice(0, room)) {
    const attachment: Attachment = {
      key: makeId(),
      name: file.name || "Pasted file",
      sizeBytes: file.size,
      preview: file.type.startsWith("image/") ? URL.createObjectURL(file) : null,
      progress: 0,
      stored: null,
      error: findFault(file),
      abort: new AbortController(),
    };
    set(contactId, [...readAttachments(contactId), attachment]);
    if (!attachment.error) store(workspaceId, contactId, file, attachment);
  }
  return files.length > room ? `A text carries at most ${maxMediaPerText} files.` : null;
}

/** Takes one file away from the text, and stops its way to the server. */
export function detachFile(contactId: string, key: string): void {
  const file = readAttachments(contactId).find((each) => each.key === key);
  if (!file) return;
  if (!file.stored) file.abort.abort();
  if (file.preview) URL.revokeObjectURL(file.preview);
  set(
    contactId,
    readAttachments(contactId).filter((each) => each.key !== key),
  );
}

/** Brings the files of a conversation that was merged along to the one that it is part of. */
export function moveAttachments(fromContactId: string, toContactId: string): void {
  const files = readAttachments(fromContactId);
  if (files.length === 0) return;
  set(fromContactId, none);
  set(toContactId, [...readAttachments(toContactId), ...files]);
}

/** Takes all stored files for a text that is sent now. */
export function takeAttachments(contactId: string): UploadedMedia[] {
  const files = readAttachments(contactId);
  for (const file of files) if (file.preview) URL.revokeObjectURL(file.preview);
  set(contactId, none);
  return files.flatMap((file) => (file.stored ? [file.stored] : []));
}

/** Gives the files of a text that was taken back to the next one. */
export function keepAttachments(contactId: string, media: readonly UploadedMedia[]): void {
  const files = media.map(
    (stored): Attachment => ({
      key: makeId(),
      name: stored.fileName ?? "File",
      sizeBytes: stored.sizeBytes,
      preview: null,
      progress: 1,
      stored,
      error: null,
      abort: new AbortController(),
    }),
  );
  if (files.length > 0) set(contactId, [...readAttachments(contactId), ...files]);
}

function findFault(file: File): string | null {
  if (file.size === 0) return "This file is empty.";
  if (file.size > maxUploadBytes) return `Larger than ${formatSize(maxUploadBytes)}.`;
  const isOther = /^(video|audio|application|text)\//.test(file.type);
  if (isOther && file.size > maxOtherFileBytes) {
    return `Carriers take ${formatSize(maxOtherFileBytes)} of anything but a picture.`;
  }
  return null;
}

function store(workspaceId: string, contactId: string, file: File, { key, abort }: Attachment) {
  uploadFile(
    workspaceId,
    file,
    (progress) => change(contactId, key, { progress }),
    abort.signal,
  ).then(
    (stored) => change(contactId, key, { stored, progress: 1 }),
    (error: unknown) => {
      if (abort.signal.aborted) return;
      change(contactId, key, {
        error: error instanceof Error ? error.message : "Not stored. Try again.",
      });
    },
  );
}

function change(contactId: string, key: string, values: Partial<Attachment>): void {
  set(
    contactId,
    readAttachments(contactId).map((file) => (file.key === key ? { ...file, ...values } : file)),
  );
}

function set(contactId: string, files: readonly Attachment[]): void {
  if (files.length > 0) byContact.set(contactId, files);
  else byContact.delete(contactId);
  for (const listener of listeners) listener();
}
