import { Suspense, useState } from "react";
import { useNavigate } from "react-router";
import { late } from "../components/late.tsx";
import { useShortcut } from "../components/shortcuts/use-shortcut.ts";
import { useWorkspace } from "../session/use-session.ts";

const ShortcutHelp = late(
  async () => (await import("../components/shortcuts/ShortcutHelp.tsx")).ShortcutHelp,
);
const Palette = late(async () => (await import("./Palette.tsx")).Palette);

/** What the keyboard can do on every page of a workspace. */
export function Commands() {
  const base = `/w/${useWorkspace().id}`;
  const navigate = useNavigate();
  const [open, setOpen] = useState<"help" | "palette" | null>(null);
  const goTo = (path: string) => () => {
    void navigate(path);
  };
  useShortcut("goToInbox", goTo(base));
  useShortcut("goToContacts", goTo(`${base}/contacts`));
  useShortcut("goToScheduled", goTo(`${base}/scheduled`));
  useShortcut("goToSettings", goTo(`${base}/settings`));
  useShortcut("showHelp", () => setOpen("help"));
  useShortcut("openPalette", () => setOpen(open === "palette" ? null : "palette"));
  return (
    <Suspense fallback={null}>
      {open === "help" && <ShortcutHelp onClose={() => setOpen(null)} />}
      {open === "palette" && <Palette onClose={() => setOpen(null)} />}
    </Suspense>
  );
}
