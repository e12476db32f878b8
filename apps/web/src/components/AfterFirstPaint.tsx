import { type ReactNode, Suspense, useEffect, useState } from "react";

/**
 * Draws what nobody needs at once, and so lets its code be loaded, only when the
 * browser has nothing better to do; until then something stands in its place.
 */
export function AfterFirstPaint({
  fallback = null,
  afterMs = 150,
  children,
}: {
  fallback?: ReactNode;
  afterMs?: number;
  children: ReactNode;
}) {
  const [isDue, setIsDue] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setIsDue(true), afterMs);
    return () => clearTimeout(timer);
  }, [afterMs]);
  return <Suspense fallback={fallback}>{isDue ? children : fallback}</Suspense>;
}
