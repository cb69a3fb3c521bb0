import { useSyncExternalStore } from 'react';

/** Where the files ordered from this browser are kept until somebody was told of their end: a reload loses none. */
const storageKey = 'kontakty.ordered';
/** No more are kept; the oldest go. */
const most = 20;

let ordered = read();
const attended = new Set<string>();
const listeners = new Set<() => void>();

function read(): readonly string[] {
  try {
    const entry: unknown = JSON.parse(localStorage.getItem(storageKey) ?? '[]');
    return Array.isArray(entry) ? entry.filter((id) => typeof id === 'string').slice(-most) : [];
  } catch {
    return [];
  }
}

function keep(next: readonly string[]): void {
  ordered = next;
  if (next.length > 0) localStorage.setItem(storageKey, JSON.stringify(next));
  else localStorage.removeItem(storageKey);
  for (const listener of listeners) listener();
}

/** Somebody waits for this file: it is followed until it is ready, failed or was called off. */
export function awaitFile(id: string): void {
  if (!ordered.includes(id)) keep([...ordered, id].slice(-most));
}

/** Nobody waits for it any more. */
export function forgetFile(id: string): void {
  if (ordered.includes(id)) keep(ordered.filter((one) => one !== id));
}

/** The files waited for, the oldest order first. */
export function useAwaited(): readonly string[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => ordered,
  );
}

/** Says that a file is being looked at, so that no notice of it is needed; the answer says that it no longer is. */
export function attend(id: string): () => void {
  attended.add(id);
  return () => attended.delete(id);
}

export function isAttended(id: string): boolean {
  return attended.has(id);
}
