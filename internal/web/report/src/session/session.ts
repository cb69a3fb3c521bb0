import { useSyncExternalStore } from 'react';

import type { Scope } from '../api/generated/graphql';

/** How somebody signed in. */
export type Means = 'key' | 'oidc' | 'demo';

/** Who is signed in, as the API says. */
export interface Viewer {
  name: string;
  scopes: ReadonlySet<Scope>;
}

/** Why nobody is signed in (any more). */
export type Absence = 'fresh' | 'left' | 'expired' | 'refused' | 'failed';

export type Session =
  { state: 'starting' } | { state: 'out'; why: Absence; message?: string } | { state: 'in'; means: Means; viewer: Viewer };

/** What is kept of a session, for this tab only. GraphiQL reads the same entry. */
export const storageKey = 'kontakty.session';

interface Kept {
  token: string;
  means: Means;
}

let session: Session = { state: 'starting' };
let kept: Kept | null = read();
/** Who was signed in last, and for the how-manieth time somebody signed in. */
export interface Entry {
  viewer: Viewer;
  turn: number;
}

let last: Entry | null = null;
const listeners = new Set<() => void>();

function read(): Kept | null {
  try {
    const entry: unknown = JSON.parse(sessionStorage.getItem(storageKey) ?? 'null');
    return entry && typeof entry === 'object' && 'token' in entry ? (entry as Kept) : null;
  } catch {
    return null;
  }
}

/** The token that requests are sent with; null when there is none. */
export function currentToken(): string | null {
  return kept?.token ?? null;
}

export function currentMeans(): Means | null {
  return kept?.means ?? null;
}

/** Keeps a token for this tab; null forgets it. */
export function keep(token: string | null, means: Means = 'key'): void {
  kept = token === null ? null : { token, means };
  if (kept) sessionStorage.setItem(storageKey, JSON.stringify(kept));
  else sessionStorage.removeItem(storageKey);
}

export function become(next: Session): void {
  session = next;
  if (next.state === 'in') last = { viewer: next.viewer, turn: (last?.turn ?? 0) + 1 };
  for (const listener of listeners) listener();
}

/** The API no longer takes the token: sign-in is asked for, and everything else on the page stays. */
export function expire(message?: string): void {
  if (session.state !== 'in') return;
  keep(null);
  become({ state: 'out', why: 'expired', message });
}

export function currentSession(): Session {
  return session;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useSession(): Session {
  return useSyncExternalStore(subscribe, () => session);
}

/** Who was signed in last, also while they are asked to sign in again; null before anybody was. */
export function useLastEntry(): Entry | null {
  return useSyncExternalStore(subscribe, () => last);
}

/** Whether the signed-in principal has a scope, such as EXPORTS. */
export function useScope(scope: Scope): boolean {
  const now = useSession();
  return now.state === 'in' && now.viewer.scopes.has(scope);
}
