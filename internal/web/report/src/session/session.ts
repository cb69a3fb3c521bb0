import { credentials, refusedCredentials, type SignInMethod } from '../api/credentials';
import type { Scope } from '../api/generated/graphql';
import { createStore, useStore } from '../state/store';

/** Who is signed in, as the API says. */
export interface Viewer {
  name: string;
  scopes: ReadonlySet<Scope>;
}

/** Why nobody is signed in (any more). */
export type Absence = 'fresh' | 'left' | 'expired' | 'refused' | 'failed';

export type Session =
  | { state: 'starting' }
  | { state: 'out'; why: Absence; message?: string }
  | { state: 'in'; method: SignInMethod; viewer: Viewer };

/** A viewer, and the number of times that somebody signed in since the page was opened. */
export interface Entry {
  viewer: Viewer;
  count: number;
}

const store = createStore<{ session: Session; lastEntry: Entry | null }>({ session: { state: 'starting' }, lastEntry: null });

export function useSession(): Session {
  return useStore(store).session;
}

/** Who was signed in last, also while they are asked to sign in again; null before anybody was. */
export function useLastEntry(): Entry | null {
  return useStore(store).lastEntry;
}

export function setSession(session: Session): void {
  const { lastEntry } = store.get();
  const entered = session.state === 'in' ? { viewer: session.viewer, count: (lastEntry?.count ?? 0) + 1 } : lastEntry;
  store.set({ session, lastEntry: entered });
}

/** Asks to sign in again, because the API no longer takes the token; everything else on the page stays. */
export function expire(): void {
  if (store.get().session.state !== 'in') return;
  credentials.set(null);
  setSession({ state: 'out', why: 'expired' });
}

refusedCredentials.subscribe(expire);
