import { apiBlob } from "./client.ts";

/** Fetches a file in the name of whoever is signed in and hands it to the browser. Throws ApiError. */
export async function downloadFile(path: string, fileName: string): Promise<void> {
  saveFile(await apiBlob(path), fileName);
}

/** Gives the person a file that this page made. */
export function saveFile(content: Blob, fileName: string): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = url;
  link.download = fileName;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
