import { useCallback, useSyncExternalStore } from "react";
import {
  type Preferences,
  readPreferences,
  setPreference,
  subscribeToPreferences,
} from "./preferences.ts";

/** One preference of this browser and the way to set it; other tabs follow. */
export function usePreference<K extends keyof Preferences>(
  name: K,
): [Preferences[K], (value: Preferences[K]) => void] {
  const value = useSyncExternalStore(subscribeToPreferences, () => readPreferences()[name]);
  const set = useCallback((next: Preferences[K]) => setPreference(name, next), [name]);
  return [value, set];
}
