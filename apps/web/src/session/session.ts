import type { AuthError } from "@supabase/supabase-js";
import type { Auth } from "./auth-client.ts";
import { type KeptSession, readKeptSession } from "./kept-session.ts";

/** Who is signed in in this browser. */
export type SessionState =
  | { kind: "loading" }
  | { kind: "signed_out" }
  | {
      kind: "signed_in";
      userId: string;
      email: string;
      isRecovering: boolean;
      /** The session ran out and could not be renewed: the pages stay, and ask to sign in again. */
      isExpired: boolean;
    };

const signedOutKey = "livechat.signed-out";
const leavingForMs = 15_000;
const watchAgainAfterMs = 15_000;

let state: SessionState = { kind: "loading" };
let auth: Promise<Auth> | undefined;
let lastToken: string | null = null;
const listeners = new Set<() => void>();
const tokenListeners = new Set<(token: string) => void>();

/** The state now; the same object until it changes. */
export function readSession(): SessionState {
  return state;
}

/** Calls back after every change of {@link readSession}, until the returned function is called. */
export function subscribeToSession(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Calls back with every newer token of the same session, until the returned function is called. */
export function subscribeToTokens(listener: (token: string) => void): () => void {
  tokenListeners.add(listener);
  return () => tokenListeners.delete(listener);
}

/**
 * Reads the kept session. One that is good for a while needs nothing else yet:
 * {@link watchSession} takes it over. Throws ApiError when the server cannot be
 * asked where people sign in.
 */
export async function startSession(): Promise<void> {
  if (state.kind !== "loading") return;
  // At once: a request of this tab may be refused before it hears that the session is gone.
  window.addEventListener("storage", ({ key, newValue }) => {
    if (key === signedOutKey && newValue && state.kind === "signed_in") set({ kind: "signed_out" });
  });
  const kept = auth ? null : readKeptSession();
  if (kept) adopt(kept, false);
  else await getAuth();
}

/** From now on renews the session in time, and follows what the other tabs do with it. */
export function watchSession(): void {
  getAuth().catch(() => setTimeout(watchSession, watchAgainAfterMs));
}

/** The token for our API, renewed when it is about to run out; null when nobody is signed in. */
export async function getAccessToken(): Promise<string | null> {
  const kept = auth ? null : readKeptSession();
  if (kept) return kept.access_token;
  const client = await getAuth();
  const { data } = await client.getSession();
  return data.session?.access_token ?? null;
}

/** Another token than the refused one, or null when the session is over. */
export async function renewAccessToken(refused: string): Promise<string | null> {
  const client = await getAuth();
  const { data } = await client.getSession();
  if (data.session && data.session.access_token !== refused) return data.session.access_token;
  const renewed = await client.refreshSession();
  return renewed.data.session?.access_token ?? null;
}

/** Signs in here; answers with what was wrong in plain words, or null when it worked. */
export async function signIn(email: string, password: string): Promise<string | null> {
  return attempt((client) => client.signInWithPassword({ email, password }));
}

/** Makes an account and signs in; answers as {@link signIn} does. */
export async function signUp(account: {
  email: string;
  password: string;
  displayName: string;
  inviteToken?: string | undefined;
}): Promise<string | null> {
  return attempt(async (client) => {
    const result = await client.signUp({
      email: account.email,
      password: account.password,
      options: {
        data: { display_name: account.displayName, invite_token: account.inviteToken },
      },
    });
    if (result.error || result.data.session) return result;
    return client.signInWithPassword({ email: account.email, password: account.password });
  });
}

/** Asks for the mail with the link to a new password; answers as {@link signIn} does. */
export async function requestPasswordReset(email: string): Promise<string | null> {
  return attempt((client) =>
    client.resetPasswordForEmail(email, { redirectTo: `${location.origin}/reset-password` }),
  );
}

/** Gives the signed-in person a new password; answers as {@link signIn} does. */
export async function changePassword(password: string): Promise<string | null> {
  const failure = await attempt((client) => client.updateUser({ password }));
  if (failure === null && state.kind === "signed_in") set({ ...state, isRecovering: false });
  return failure;
}

/** Ends the session in all tabs of this browser, even when the server cannot be reached. */
export async function signOut(): Promise<void> {
  const client = await getAuth();
  noteSignOut();
  await client.signOut({ scope: "local" }).catch(() => undefined);
  set({ kind: "signed_out" });
}

/** Takes note that the server refuses this session: the pages stay and ask to sign in again. */
export function expireSession(): void {
  if (state.kind === "signed_in" && !state.isExpired) set({ ...state, isExpired: true });
}

function getAuth(): Promise<Auth> {
  auth ??= connect().catch((error: unknown) => {
    auth = undefined;
    throw error;
  });
  return auth;
}

async function connect(): Promise<Auth> {
  // A large part of the first load, of which a kept session needs nothing.
  const { createAuthClient } = await import("./auth-client.ts");
  const client = await createAuthClient();
  // The callback must not call the client again: it holds the client's lock.
  client.onAuthStateChange((event, session) => adopt(session, event === "PASSWORD_RECOVERY"));
  const { data } = await client.getSession();
  adopt(data.session, false);
  return client;
}

function adopt(session: KeptSession | null, isRecovering: boolean): void {
  if (session === null) {
    lastToken = null;
    // A session that ends without anyone's word has run out; what is on the screen is not lost for it.
    if (state.kind === "signed_in" && !isLeaving()) expireSession();
    else if (state.kind !== "signed_out") set({ kind: "signed_out" });
    return;
  }
  const token = session.access_token;
  const isNewer = lastToken !== null && lastToken !== token;
  lastToken = token;
  const userId = session.user.id;
  const isSame = state.kind === "signed_in" && state.userId === userId && !state.isExpired;
  if (!isSame || isRecovering)
    set({
      kind: "signed_in",
      userId,
      email: session.user.email ?? "",
      isRecovering,
      isExpired: false,
    });
  else if (isNewer) for (const listener of tokenListeners) listener(token);
}

/** Tells the other tabs that the end of the session, which they are about to hear of, is meant. */
function noteSignOut(): void {
  try {
    localStorage.setItem(signedOutKey, String(Date.now()));
  } catch {
    // Without storage each tab has a session of its own.
  }
}

function isLeaving(): boolean {
  try {
    return Date.now() - Number(localStorage.getItem(signedOutKey)) < leavingForMs;
  } catch {
    return false;
  }
}

function set(next: SessionState): void {
  state = next;
  for (const listener of listeners) listener();
}

async function attempt(
  act: (client: Auth) => Promise<{ error: AuthError | null }>,
): Promise<string | null> {
  try {
    const { error } = await act(await getAuth());
    return error === null ? null : explain(error);
  } catch (error) {
    return error instanceof Error ? error.message : "It did not work. Try again.";
  }
}

function explain(error: AuthError): string {
  if (error.name === "AuthRetryableFetchError")
    return navigator.onLine
      ? "The server does not answer. Try again in a moment."
      : "You are offline. Try again when the connection is back.";
  switch (error.code) {
    case "invalid_credentials":
      return "The email or the password is wrong.";
    case "user_already_exists":
    case "email_exists":
      return "There is an account with this email already. Sign in instead.";
    case "weak_password":
      return "That password is too easy to guess. Use at least 8 characters.";
    case "same_password":
      return "That is the password you have now. Choose another one.";
    case "signup_disabled":
      return "Signing up needs an invitation. Ask an admin of your workspace for a link.";
    case "over_request_rate_limit":
    case "over_email_send_rate_limit":
      return "Too many attempts. Wait a minute, then try again.";
    case "session_expired":
    case "session_not_found":
      return "The link has run out. Ask for a new one.";
    default:
      return error.status === 429
        ? "Too many attempts. Wait a minute, then try again."
        : error.message || "It did not work. Try again.";
  }
}
