import { useEffect, useRef, useState } from "react";

/**
 * Takes files that are dropped anywhere on the window, or pasted where nothing
 * else takes them. Returns whether files hover over the window now.
 */
export function useFileDrop(isEnabled: boolean, onFiles: (files: File[]) => void): boolean {
  const [isOver, setIsOver] = useState(false);
  const latest = useRef(onFiles);
  useEffect(() => {
    latest.current = onFiles;
  });
  useEffect(() => {
    if (!isEnabled) return;
    // Moving from one element to the next enters the new one before it leaves the old one.
    let depth = 0;
    const isOfFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
    function onEnter(event: DragEvent) {
      if (!isOfFiles(event)) return;
      depth += 1;
      setIsOver(true);
    }
    function onOver(event: DragEvent) {
      if (!isOfFiles(event)) return;
      event.preventDefault();
      if (event.dataTransfer) event.dataTransfer.dropEffect = "copy";
    }
    function onLeave(event: DragEvent) {
      if (!isOfFiles(event)) return;
      depth = Math.max(0, depth - 1);
      if (depth === 0) setIsOver(false);
    }
    function onDrop(event: DragEvent) {
      depth = 0;
      setIsOver(false);
      const files = [...(event.dataTransfer?.files ?? [])];
      if (files.length === 0) return;
      event.preventDefault();
      latest.current(files);
    }
    function onPaste(event: ClipboardEvent) {
      const files = readPastedFiles(event.clipboardData);
      if (files.length === 0 || event.defaultPrevented) return;
      // What can be written in has a use of its own for what is pasted.
      if ((event.target as Element | null)?.closest("input, textarea, [contenteditable]")) return;
      event.preventDefault();
      latest.current(files);
    }
    window.addEventListener("dragenter", onEnter);
    window.addEventListener("dragover", onOver);
    window.addEventListener("dragleave", onLeave);
    window.addEventListener("drop", onDrop);
    document.addEventListener("paste", onPaste);
    return () => {
      window.removeEventListener("dragenter", onEnter);
      window.removeEventListener("dragover", onOver);
      window.removeEventListener("dragleave", onLeave);
      window.removeEventListener("drop", onDrop);
      document.removeEventListener("paste", onPaste);
      setIsOver(false);
    };
  }, [isEnabled]);
  return isOver;
}

/**
 * The files that a paste means. None where it brings formatted words along: an office program adds
 * a picture of them, and it is the words that are wanted.
 */
export function readPastedFiles(data: DataTransfer | null): File[] {
  if (!data) return [];
  const hasWords = data.types.includes("text/html") && data.getData("text/plain").trim() !== "";
  return hasWords ? [] : [...data.files];
}
