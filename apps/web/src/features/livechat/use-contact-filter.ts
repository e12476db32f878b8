import {
  type ContactFilter,
  type ConversationFilter,
  contactSort,
  contactView,
  conversationFilter,
} from "@livechat/shared";
import { useMemo } from "react";
import { useSearchParams } from "react-router";
import * as z from "zod";
import { defaultFilter, listKey } from "../../realtime/contact-filter.ts";

/** What a search looks at. */
export const searchParts = ["all", "messages", "notes", "contacts"] as const;
export type SearchPart = (typeof searchParts)[number];

/** What the address searches for; days are the reader's, as `YYYY-MM-DD`, both included. */
export interface ShownSearch {
  words: string;
  part: SearchPart;
  from: string | null;
  to: string | null;
}

/** What is to be otherwise; null lets all through. */
export type ListChange = Partial<Pick<ContactFilter, "view" | "sort">> & {
  [K in keyof ConversationFilter]?: ConversationFilter[K] | null;
} & Partial<ShownSearch> & { showsMentions?: boolean };

/** A change that drops whatever narrows a list or a search, and keeps the view. */
export const withoutFilters: ListChange = {
  tagId: null,
  assignedTo: null,
  line: null,
  status: null,
  isUnread: null,
  from: null,
  to: null,
};

/** What the address shows of the inbox: `?view=mine&tag=…&q=invoice&in=notes`. */
export interface ShownList {
  filter: ContactFilter;
  searched: ShownSearch;
  /** The notes that call the reader, in place of a list of conversations. */
  showsMentions: boolean;
  /** The address's part that a link to a conversation keeps; empty for the usual list. */
  search: string;
  /** The address of another list. */
  linkTo(change: ListChange): string;
}

const inAddress = {
  tagId: "tag",
  assignedTo: "assignee",
  line: "line",
  status: "status",
} as const;
const day = z.iso.date();

/** The list that the address names; whatever it can't mean is the usual one. */
export function useContactFilter(): ShownList {
  const [params] = useSearchParams();
  const kept = writeKept(params);
  const list = useMemo(() => readList(new URLSearchParams(kept)), [kept]);
  const key = listKey(list.filter);
  // biome-ignore lint/correctness/useExhaustiveDependencies: other words leave the list what it is.
  const filter = useMemo(() => list.filter, [key]);
  return useMemo(() => ({ ...list, filter }), [list, filter]);
}

/** The address without what names a single text or note. */
function writeKept(params: URLSearchParams): string {
  const kept = new URLSearchParams(params);
  kept.delete("m");
  kept.delete("n");
  return kept.toString();
}

function readList(params: URLSearchParams): ShownList {
  const one = <T>(schema: z.ZodType<T>, value: unknown): T | undefined => {
    const read = schema.safeParse(value);
    return read.success ? read.data : undefined;
  };
  const { tagId, assignedTo, line, status } = conversationFilter.shape;
  const narrowing: ConversationFilter = {
    tagId: one(tagId, params.get(inAddress.tagId)),
    assignedTo: one(assignedTo, params.get(inAddress.assignedTo)),
    line: one(line, params.get(inAddress.line)),
    status: one(status, params.get(inAddress.status)),
    isUnread: params.get("unread") === "1" ? true : undefined,
  };
  const filter: ContactFilter = {
    view: one(contactView, params.get("view")) ?? defaultFilter.view,
    sort: one(contactSort, params.get("sort")) ?? defaultFilter.sort,
    ...withoutEmpty(narrowing),
  };
  const searched: ShownSearch = {
    words: params.get("q")?.trim().slice(0, 200) ?? "",
    part: one(z.enum(searchParts), params.get("in")) ?? "all",
    from: one(day, params.get("from")) ?? null,
    to: one(day, params.get("to")) ?? null,
  };
  const showsMentions = params.get("view") === "mentions";
  return {
    filter,
    searched,
    showsMentions,
    search: writeAddress({ ...filter, ...searched, showsMentions }),
    linkTo: (change) =>
      writeAddress({ ...filter, ...searched, showsMentions: false, ...change }) || "?",
  };
}

function withoutEmpty(narrowing: ConversationFilter): ConversationFilter {
  return Object.fromEntries(Object.entries(narrowing).filter(([, value]) => value !== undefined));
}

function writeAddress(list: ListChange): string {
  const params = new URLSearchParams();
  const { view, sort, words, part, from, to } = list;
  if (list.showsMentions) params.set("view", "mentions");
  else if (view && view !== defaultFilter.view) params.set("view", view);
  if (sort && sort !== defaultFilter.sort) params.set("sort", sort);
  for (const key of ["tagId", "assignedTo", "line", "status"] as const) {
    const value = list[key];
    if (value) params.set(inAddress[key], value);
  }
  if (list.isUnread) params.set("unread", "1");
  if (words) params.set("q", words);
  if (part && part !== "all") params.set("in", part);
  if (from) params.set("from", from);
  if (to) params.set("to", to);
  const text = params.toString();
  return text && `?${text}`;
}

/** The moments between which the days of a search lie. */
export function readSpan({ from, to }: Pick<ShownSearch, "from" | "to">): {
  from?: string;
  before?: string;
} {
  const begin = from ? new Date(`${from}T00:00`) : null;
  const end = to ? new Date(`${to}T00:00`) : null;
  end?.setDate(end.getDate() + 1);
  return {
    ...(begin ? { from: begin.toISOString() } : {}),
    ...(end && (!begin || begin < end) ? { before: end.toISOString() } : {}),
  };
}

/** Whether anything but the view and the words decides what is shown. */
export function countFilters({ filter, searched }: Pick<ShownList, "filter" | "searched">): number {
  const { view: _, sort: __, ...narrowing } = filter;
  const days = searched.words === "" ? [] : [searched.from, searched.to];
  return [...Object.values(narrowing), ...days].filter(Boolean).length;
}
