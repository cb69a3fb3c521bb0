import { createStoredStore, parseJSON, useStore } from '../state/store';

/** The oldest files are no longer waited for when there are more. */
const maxAwaited = 20;

/** The files ordered from this browser whose end nobody was told of yet, the oldest order first: a reload loses none. */
const awaited = createStoredStore<readonly string[]>(localStorage, 'kontakty.ordered', {
  read: (text) => {
    const entry = parseJSON(text);
    return Array.isArray(entry) ? entry.filter((id) => typeof id === 'string').slice(-maxAwaited) : [];
  },
  write: (ids) => (ids.length > 0 ? JSON.stringify(ids) : null),
});
const attended = new Set<string>();

export function useAwaited(): readonly string[] {
  return useStore(awaited);
}

/** Somebody waits for this file: it is followed until it is ready, failed or was called off. */
export function awaitFile(id: string): void {
  if (!awaited.get().includes(id)) awaited.set([...awaited.get(), id].slice(-maxAwaited));
}

/** Nobody waits for it any more. */
export function forgetFile(id: string): void {
  if (awaited.get().includes(id)) awaited.set(awaited.get().filter((one) => one !== id));
}

/** Says that a file is being looked at, so that no notice of it is needed; the answer says that it no longer is. */
export function attend(id: string): () => void {
  attended.add(id);
  return () => attended.delete(id);
}

export function isAttended(id: string): boolean {
  return attended.has(id);
}
