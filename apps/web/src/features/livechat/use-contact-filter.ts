import { contactSort, contactView } from "@livechat/shared";
import { useMemo } from "react";
import { useSearchParams } from "react-router";
import { type ContactFilter, defaultFilter } from "../../realtime/contact-filter.ts";

/** What is to be otherwise; a tag of null is any. */
type ListChange = Partial<Omit<ContactFilter, "tagId">> & {
  showsMentions?: boolean;
  tagId?: string | null;
};

/** What the address shows of the inbox: `?view=mine&sort=waiting&tag=…`. */
export interface ShownList {
  filter: ContactFilter;
  /** The notes that call the reader, in place of a list of conversations. */
  showsMentions: boolean;
  /** The address's part that a link to a conversation keeps; empty for the usual list. */
  search: string;
  /** The address of another list. */
  linkTo(change: ListChange): string;
}

/** The list that the address names; whatever it can't mean is the usual one. */
export function useContactFilter(): ShownList {
  const [params] = useSearchParams();
  const [viewParam, sortParam, tagParam] = [
    params.get("view"),
    params.get("sort"),
    params.get("tag"),
  ];
  return useMemo(() => {
    const showsMentions = viewParam === "mentions";
    const view = contactView.safeParse(viewParam);
    const sort = contactSort.safeParse(sortParam);
    const filter: ContactFilter = {
      view: view.success ? view.data : defaultFilter.view,
      sort: sort.success ? sort.data : defaultFilter.sort,
      ...(tagParam ? { tagId: tagParam } : {}),
    };
    return {
      filter,
      showsMentions,
      search: writeSearch(filter, showsMentions),
      linkTo: ({ showsMentions: toMentions = false, tagId = filter.tagId, ...change }) => {
        const { tagId: _, ...rest } = { ...filter, ...change };
        return writeSearch(tagId ? { ...rest, tagId } : rest, toMentions) || "?";
      },
    };
  }, [viewParam, sortParam, tagParam]);
}

function writeSearch({ view, sort, tagId }: ContactFilter, showsMentions: boolean): string {
  const params = new URLSearchParams();
  if (showsMentions) params.set("view", "mentions");
  else if (view !== defaultFilter.view) params.set("view", view);
  if (sort !== defaultFilter.sort) params.set("sort", sort);
  if (tagId) params.set("tag", tagId);
  const text = params.toString();
  return text && `?${text}`;
}
