import { useEffect, useRef, useState } from "react";
import { useSearchParams } from "react-router";
import { useSettled } from "../../components/use-settled.ts";

const settleMs = 300;

/**
 * The words of the search field. They are in the address a moment after the
 * last key: the way back from there is the list before the search.
 */
export function useSearchWords(): [text: string, setText: (text: string) => void] {
  const [params, setParams] = useSearchParams();
  const inAddress = params.get("q") ?? "";
  const [text, setText] = useState(inAddress);
  const known = useRef(inAddress);
  const words = text.trim();
  const settled = useSettled(words, settleMs);
  const written = useRef(settled);

  // Back, forward or a link: the address decides.
  useEffect(() => {
    function follow(address: string) {
      if (address === known.current) return;
      known.current = address;
      setText(address);
    }
    follow(inAddress);
    // Who goes back before the new address has been drawn goes back to what stands here still.
    const onWay = () => follow(new URLSearchParams(window.location.search).get("q") ?? "");
    window.addEventListener("popstate", onWay);
    return () => window.removeEventListener("popstate", onWay);
  }, [inAddress]);

  useEffect(() => {
    // Once for what was typed: on the way back the old words still stand here for a moment.
    if (settled !== words || settled === written.current) return;
    written.current = settled;
    if (settled === known.current) return;
    const isFirst = known.current === "";
    known.current = settled;
    setParams(
      (all) => {
        const next = new URLSearchParams(all);
        if (settled !== "") next.set("q", settled);
        else for (const name of ["q", "in", "from", "to"]) next.delete(name);
        return next;
      },
      { replace: !isFirst },
    );
  }, [settled, words, setParams]);

  return [text, setText];
}
