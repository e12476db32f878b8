import { problem, type UploadedMedia, uploadedMedia } from "@livechat/shared";
import { getAccessToken } from "../../session/session.ts";

/**
 * Stores a file to be sent later. Reports progress from 0 to 1. Throws an Error
 * in a person's words when the file was refused or the line broke, and an
 * AbortError when `signal` ended it.
 */
export async function uploadFile(
  workspaceId: string,
  file: File,
  onProgress: (share: number) => void,
  signal: AbortSignal,
): Promise<UploadedMedia> {
  const token = await getAccessToken();
  // fetch can't tell how much has been sent yet.
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", `/api/workspaces/${workspaceId}/media`);
    if (token) request.setRequestHeader("authorization", `Bearer ${token}`);
    request.setRequestHeader("content-type", file.type || "application/octet-stream");
    request.setRequestHeader("x-file-name", encodeURIComponent(file.name));
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) onProgress(event.loaded / event.total);
    };
    request.onerror = () => reject(new Error("The file didn't reach the server. Try again."));
    request.onabort = () => reject(new DOMException("Removed", "AbortError"));
    request.onload = () => {
      const answer = parseJson(request.responseText);
      const stored = uploadedMedia.safeParse(answer);
      if (request.status < 300 && stored.success) return resolve(stored.data);
      const refusal = problem.safeParse(answer);
      reject(
        new Error(
          (refusal.success && (refusal.data.detail ?? refusal.data.title)) ||
            "The file could not be stored. Try again.",
        ),
      );
    };
    signal.addEventListener("abort", () => request.abort());
    if (signal.aborted) reject(new DOMException("Removed", "AbortError"));
    else request.send(file);
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** A file's size as people write it. */
export function formatSize(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${Math.round(bytes / 1000)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
