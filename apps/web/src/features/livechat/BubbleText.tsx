import { findMatches, splitWords } from "@livechat/shared";
import { memo, useMemo, useState } from "react";
import { Highlighted } from "../../components/Highlighted.tsx";
import { isEmojiOnly, linkify, type TextPiece } from "./linkify.ts";

const foldFromLines = 25;
const lettersPerLine = 55;

/** The words of a bubble: links open apart, a few emoji stand large, a long text is folded. */
export const BubbleText = memo(function BubbleText({
  text,
  marked = "",
}: {
  text: string;
  /** Words that a search looks for. */
  marked?: string;
}) {
  const pieces = useMemo(() => linkify(text), [text]);
  const isLong = useMemo(() => countLines(text) > foldFromLines, [text]);
  const [isOpen, setIsOpen] = useState(false);
  const [only] = pieces;
  const isLarge = pieces.length === 1 && only?.kind === "text" && isEmojiOnly(text);
  const isFolded = isLong && !isOpen && marked === "";
  const words = (
    <p
      className={isLarge ? "lc-emoji lc-text" : "lc-bubble lc-text"}
      dir="auto"
      data-folded={isFolded || undefined}
    >
      {pieces.map((piece, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a text never change places.
        <Piece key={at} piece={piece} marked={marked} />
      ))}
    </p>
  );
  if (!isLong || marked !== "") return words;
  return (
    <>
      {words}
      <button
        type="button"
        className="lc-fold"
        aria-expanded={isOpen}
        onClick={() => setIsOpen(!isOpen)}
      >
        {isOpen ? "Show less" : "Show more"}
      </button>
    </>
  );
});

function Piece({ piece, marked }: { piece: TextPiece; marked: string }) {
  const words = marked === "" ? piece.text : <Marked text={piece.text} words={marked} />;
  switch (piece.kind) {
    case "text":
      return words;
    case "link":
      return (
        <a href={piece.href} target="_blank" rel="noopener noreferrer nofollow">
          {words}
        </a>
      );
    case "address":
      // No new page: the device hands it to its phone or mail program.
      return (
        <a href={piece.href} rel="noopener noreferrer nofollow">
          {words}
        </a>
      );
    default:
      return piece satisfies never;
  }
}

function Marked({ text, words }: { text: string; words: string }) {
  return <Highlighted text={text} ranges={findMatches(text, splitWords(words))} />;
}

function countLines(text: string): number {
  let lines = 0;
  for (const line of text.split("\n"))
    lines += Math.max(1, Math.ceil(line.length / lettersPerLine));
  return lines;
}
