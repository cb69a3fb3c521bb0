import { useSyncExternalStore } from 'react';

/** A value that several parts of the page share. */
export interface Store<T> {
  get: () => T;
  /** Replaces the value and calls every listener, unless the value is the same. */
  set: (next: T) => void;
  /** Calls the listener after each change until the returned function is called. */
  subscribe: (listener: () => void) => () => void;
}

export function createStore<T>(first: T): Store<T> {
  let value = first;
  const listeners = new Set<() => void>();
  return {
    get: () => value,
    set: (next) => {
      if (Object.is(next, value)) return;
      value = next;
      for (const listener of listeners) listener();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** How a stored value is read from its text, null where nothing is stored, and written; null is written as nothing. */
export interface Codec<T> {
  read: (text: string | null) => T;
  write: (value: T) => string | null;
}

/** A store whose value is kept in a storage of the browser. */
export function createStoredStore<T>(storage: Storage, key: string, { read, write }: Codec<T>): Store<T> {
  const store = createStore(read(storage.getItem(key)));
  return {
    ...store,
    set: (next) => {
      const text = write(next);
      if (text === null) storage.removeItem(key);
      else storage.setItem(key, text);
      store.set(next);
    },
  };
}

/** Parses JSON that anybody may have written; null for what is no JSON. */
export function parseJSON(text: string | null): unknown {
  try {
    return JSON.parse(text ?? 'null');
  } catch {
    return null;
  }
}

/** The value of a store, read anew after each change. */
export function useStore<T>(store: Pick<Store<T>, 'get' | 'subscribe'>): T {
  return useSyncExternalStore(store.subscribe, store.get);
}
