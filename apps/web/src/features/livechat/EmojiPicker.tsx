import { EmojiPicker as Picker, useSkinTone } from "frimousse";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { usePreference } from "../../preferences/use-preference.ts";
import { emojiFolder } from "./emoji-names.ts";
import { keepRecentEmoji, readRecentEmoji } from "./recent-emoji.ts";

interface EmojiPickerProps {
  onChoose(emoji: string): void;
  onClose(): void;
}

/** All emoji, with search, those used last, and the tone of skin. */
export default function EmojiPicker({ onChoose, onClose }: EmojiPickerProps) {
  const [skinTone] = usePreference("emojiSkinTone");
  const [query, setQuery] = useState("");
  const [recent] = useState(readRecentEmoji);
  const panel = useRef<HTMLDivElement>(null);

  useEffect(() => {
    function closeOutside(event: PointerEvent) {
      const target = event.target as Element;
      if (panel.current?.contains(target) || target.closest("[data-emoji-button]")) return;
      onClose();
    }
    document.addEventListener("pointerdown", closeOutside);
    return () => document.removeEventListener("pointerdown", closeOutside);
  }, [onClose]);

  function choose(emoji: string) {
    keepRecentEmoji(emoji);
    onChoose(emoji);
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    onClose();
  }

  return (
    <div
      ref={panel}
      className="lc-pop lc-emoji-picker"
      role="dialog"
      aria-label="Emoji"
      onKeyDown={onKeyDown}
    >
      <Picker.Root
        emojibaseUrl={emojiFolder}
        columns={9}
        skinTone={skinTone}
        onEmojiSelect={({ emoji }) => choose(emoji)}
      >
        <Picker.Search
          autoFocus
          value={query}
          onChange={(event) => setQuery(event.target.value)}
          placeholder="Search emoji"
          aria-label="Search emoji"
        />
        {recent.length > 0 && query === "" && (
          <div className="lc-emoji-recent">
            <h4>Used last</h4>
            <div>
              {recent.map((emoji) => (
                <button key={emoji} type="button" onClick={() => choose(emoji)}>
                  {emoji}
                </button>
              ))}
            </div>
          </div>
        )}
        <Picker.Viewport className="lc-emoji-view">
          <Picker.Loading className="lc-emoji-note">Loading emoji…</Picker.Loading>
          <Picker.Empty className="lc-emoji-note">No emoji is called so.</Picker.Empty>
          <Picker.List components={parts} />
        </Picker.Viewport>
        <div className="lc-emoji-foot">
          <Picker.ActiveEmoji>
            {({ emoji }) => (
              <span>{emoji ? `${emoji.emoji} ${emoji.label}` : "Choose an emoji"}</span>
            )}
          </Picker.ActiveEmoji>
          <SkinTone />
        </div>
      </Picker.Root>
    </div>
  );
}

const parts = {
  CategoryHeader: ({ category, ...props }: { category: { label: string } }) => (
    <h4 {...props}>{category.label}</h4>
  ),
  Row: (props: object) => <div className="lc-emoji-row" {...props} />,
  Emoji: ({ emoji, ...props }: { emoji: { emoji: string; label: string; isActive: boolean } }) => (
    <button type="button" data-active={emoji.isActive || undefined} {...props}>
      {emoji.emoji}
    </button>
  ),
};

function SkinTone() {
  const [skinTone, , variations] = useSkinTone("👋");
  const [, keep] = usePreference("emojiSkinTone");
  const at = variations.findIndex((each) => each.skinTone === skinTone);
  const next = variations[(at + 1) % variations.length];
  return (
    <button
      type="button"
      aria-label={`Skin tone: ${skinTone}. Change it`}
      title="Skin tone"
      onClick={() => next && keep(next.skinTone)}
    >
      {variations[at]?.emoji ?? "👋"}
    </button>
  );
}
