import { Button } from "@chakra-ui/react";
import { useEffect, useState } from "react";
import { LuCheck, LuCopy } from "react-icons/lu";
import { toaster } from "./toaster.tsx";

/** Puts the text into the clipboard and says so. */
export function CopyButton({
  text,
  label = "Copy",
  name,
  size,
}: {
  text: string;
  label?: string;
  /** What is copied, where several of these stand together. */
  name?: string;
  size?: "xs";
}) {
  const [isCopied, setIsCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setIsCopied(false), 2000);
    return () => clearTimeout(timer);
  }, [isCopied]);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setIsCopied(true);
    } catch {
      toaster.create({
        type: "error",
        title: "The browser did not allow copying. Select the text and copy it yourself.",
      });
    }
  };
  return (
    <Button
      variant="outline"
      size={size}
      onClick={copy}
      aria-live="polite"
      aria-label={name && (isCopied ? `Copied ${name}` : `Copy ${name}`)}
    >
      {isCopied ? <LuCheck /> : <LuCopy />}
      {isCopied ? "Copied" : label}
    </Button>
  );
}
