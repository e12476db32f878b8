/** How much is in a view; nothing for none. */
export function ViewCount({ of: count }: { of: number }) {
  if (count === 0) return null;
  return (
    <span className="lc-view-count">
      <span className="lc-hidden">, </span>
      {count > 999 ? "999+" : count}
    </span>
  );
}
