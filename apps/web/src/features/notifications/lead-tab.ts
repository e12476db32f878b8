/**
 * Makes one of this browser's tabs the one that notifies, so that a text is told
 * once however many tabs are open. Calls back with whether it is this one; another
 * takes over when its tab is closed. Where tabs can't agree, each is the one.
 */
export function leadTab(name: string, onChange: (isLeader: boolean) => void): () => void {
  if (!navigator.locks) {
    onChange(true);
    return () => onChange(false);
  }
  const { promise: whileLeading, resolve: resign } = Promise.withResolvers<void>();
  const leaving = new AbortController();
  navigator.locks
    .request(name, { signal: leaving.signal }, () => {
      onChange(true);
      return whileLeading;
    })
    .catch(() => undefined);
  return () => {
    leaving.abort();
    resign();
    onChange(false);
  };
}
