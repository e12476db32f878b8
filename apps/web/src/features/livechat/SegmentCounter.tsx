import { countSegments, maxTextLength, plainQuotes } from "@livechat/shared";
import { useEffect, useMemo, useState } from "react";

const showFrom = 120;
const warnFrom = 4;
const announceAfterMs = 1500;

interface SegmentCounterProps {
  /** As it is written. */
  text: string;
  /** As it goes out, with its variables filled in. */
  filled: string;
  /** With files it is no SMS, and not billed by segments. */
  hasFiles: boolean;
  onReplace(text: string): void;
}

/** How long a text is and what it is billed as, once that is worth knowing. */
export function SegmentCounter({ text, filled, hasFiles, onReplace }: SegmentCounterProps) {
  const count = useMemo(() => countSegments(filled), [filled]);
  const plain = useMemo(() => plainQuotes(text), [text]);
  const isUcs2 = count.encoding === "UCS-2";
  const { length } = filled;
  const isTooLong = length > maxTextLength;
  const isBilled = !hasFiles;
  const isShown =
    text !== "" && (length >= showFrom || (isBilled && (count.segments >= 2 || isUcs2)));
  const segments = `${count.segments} ${count.segments === 1 ? "segment" : "segments"}`;
  const culprits = count.forcedBy.slice(0, 3).map(nameCharacter).join(" ");
  // Replacing pays only where it leaves nothing that needs the wider encoding.
  const mayReplace =
    isBilled && isUcs2 && plain !== text && countSegments(plainQuotes(filled)).encoding === "GSM-7";
  const spoken = isShown
    ? `${length} characters${isBilled ? `, ${segments}` : ""}${isTooLong ? `, over the limit of ${maxTextLength}` : ""}`
    : "";
  const announcement = useSettled(spoken);
  return (
    <>
      {isShown && (
        <span className="lc-count">
          {isBilled && isUcs2 && (
            <span title={`These fit only ${length > 70 ? 67 : 70} characters to a segment.`}>
              {culprits} {count.forcedBy.length > 3 && "… "}
              {count.forcedBy.length === 1 ? "makes" : "make"} segments shorter
            </span>
          )}
          {mayReplace && (
            <button type="button" onClick={() => onReplace(plain)}>
              Use plain characters
            </button>
          )}
          <span
            data-over={isTooLong || undefined}
            data-warn={(isBilled && !isTooLong && count.segments >= warnFrom) || undefined}
          >
            {isTooLong ? `${length} / ${maxTextLength}` : length}
            {isBilled && ` · ${segments} · ${isUcs2 ? "Unicode" : "GSM"}`}
            {isBilled && count.segments >= warnFrom && !isTooLong && " · a long text costs more"}
          </span>
        </span>
      )}
      <span className="lc-hidden" role="status">
        {announcement}
      </span>
    </>
  );
}

function nameCharacter(character: string): string {
  return /^[\s\p{Cf}]$/u.test(character) ? "An invisible character" : `“${character}”`;
}

/** The value once it has not changed for a while, so that a screen reader isn't told each key. */
function useSettled(value: string): string {
  const [settled, setSettled] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), announceAfterMs);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}
