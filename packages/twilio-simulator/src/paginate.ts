/**
 * One page in the envelope of the 2010-04-01 API. PageSize is 50 unless asked, 1000 at most;
 * `next_page_uri` is null on the last page and keeps the caller's filters.
 */
export function paginate<T>(
  key: string,
  all: T[],
  present: (each: T) => unknown,
  path: string,
  query: URLSearchParams,
) {
  const size = clamp(Number(query.get("PageSize") ?? 50), 1, 1000);
  const page = clamp(Number(query.get("Page") ?? 0), 0, Number.MAX_SAFE_INTEGER);
  const start = page * size;
  const shown = all.slice(start, start + size);
  const uriOf = (number: number): string => {
    const next = new URLSearchParams(query);
    next.set("PageSize", String(size));
    next.set("Page", String(number));
    return `${path}?${next}`;
  };
  return {
    [key]: shown.map(present),
    page,
    page_size: size,
    start,
    end: Math.max(start, start + shown.length - 1),
    uri: uriOf(page),
    first_page_uri: uriOf(0),
    previous_page_uri: page > 0 ? uriOf(page - 1) : null,
    next_page_uri: start + size < all.length ? uriOf(page + 1) : null,
  };
}

/** As {@link paginate}, in the envelope of the newer APIs, which name whole URLs. */
export function paginateUrls<T>(
  key: string,
  all: T[],
  present: (each: T) => unknown,
  url: string,
  query: URLSearchParams,
) {
  const page = paginate(key, all, present, url, query);
  return {
    [key]: page[key],
    meta: {
      key,
      page: page.page,
      page_size: page.page_size,
      url: page.uri,
      first_page_url: page.first_page_uri,
      previous_page_url: page.previous_page_uri,
      next_page_url: page.next_page_uri,
    },
  };
}

function clamp(value: number, low: number, high: number): number {
  return Number.isFinite(value) ? Math.min(high, Math.max(low, Math.trunc(value))) : low;
}
