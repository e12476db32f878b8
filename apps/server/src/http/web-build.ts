import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";

/** Where `apps/web` is built to. */
export const builtFolder = path.resolve(import.meta.dirname, "../../../web/dist");

/** The built page as it lies in the folder, and the name of its build; null when nothing is built. */
export async function readWebBuild(
  folder: string = builtFolder,
): Promise<{ page: string; build: string } | null> {
  try {
    const page = await readFile(path.join(folder, "index.html"), "utf8");
    // The page names every file by its content, so its own content names the build.
    return { page, build: createHash("sha256").update(page).digest("hex").slice(0, 12) };
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}

/** The name of the build that this server gives out; null when there is none. */
export async function findWebBuild(): Promise<string | null> {
  return (await readWebBuild())?.build ?? null;
}
