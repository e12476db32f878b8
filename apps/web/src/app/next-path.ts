import { useSearchParams } from "react-router";

/** Where to go after signing in: a path of ours only, never another site. */
export function useNextPath(): string {
  const [search] = useSearchParams();
  const next = search.get("next") ?? "/";
  const url = URL.canParse(next, location.origin) ? new URL(next, location.origin) : null;
  return url?.origin === location.origin ? `${url.pathname}${url.search}` : "/";
}
