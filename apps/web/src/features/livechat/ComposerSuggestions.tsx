import { Link } from "react-router";
import { SuggestionList } from "./SuggestionList.tsx";
import type { useComposerSuggestions } from "./use-composer-suggestions.ts";

/** The canned replies or emoji that the word at the caret may mean, over the field. */
export function ComposerSuggestions({
  of: suggestions,
  workspaceId,
}: {
  of: ReturnType<typeof useComposerSuggestions>;
  workspaceId: string;
}) {
  const isCanned = suggestions.kind === "canned";
  return (
    <SuggestionList
      id="lc-suggestions"
      label={isCanned ? "Canned replies" : "Emoji"}
      items={suggestions.items}
      activeAt={suggestions.activeAt}
      onHover={suggestions.setActiveAt}
      onChoose={suggestions.choose}
      note={
        isCanned && suggestions.items.length === 0 ? (
          <>
            {suggestions.hasReplies ? "No canned reply is called so." : "No canned replies yet."}{" "}
            <Link to={`/w/${workspaceId}/settings/replies`}>Manage them in the settings</Link>
          </>
        ) : null
      }
    />
  );
}
