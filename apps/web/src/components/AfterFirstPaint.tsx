import { type ReactNode, Suspense } from "react";
import { useFirstScreen } from "./first-screen.ts";

/**
 * Draws what nobody needs at once, and so lets its code be loaded, only when the
 * first screen stands; until then something stands in its place.
 */
export function AfterFirstPaint({
  fallback = null,
  children,
}: {
  fallback?: ReactNode;
  children: ReactNode;
}) {
  const isDue = useFirstScreen();
  return <Suspense fallback={fallback}>{isDue ? children : fallback}</Suspense>;
}
