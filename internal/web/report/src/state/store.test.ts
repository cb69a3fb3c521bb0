import { expect, test, vi } from 'vitest';

import { createStore, createStoredStore, parseJSON } from './store';

test('a store tells its listeners of a change, and of no other', () => {
  const store = createStore(1);
  const listener = vi.fn();
  const leave = store.subscribe(listener);
  store.set(1);
  expect(listener).not.toHaveBeenCalled();
  store.set(2);
  expect(listener).toHaveBeenCalledTimes(1);
  expect(store.get()).toBe(2);
  leave();
  store.set(3);
  expect(listener).toHaveBeenCalledTimes(1);
});

test('a stored store reads what was stored, writes what is set, and removes what is null', () => {
  const storage = storageOf({ numbers: '[1,2]' });
  const store = createStoredStore<number[]>(storage, 'numbers', {
    read: (text) => (parseJSON(text) as number[] | null) ?? [],
    write: (numbers) => (numbers.length > 0 ? JSON.stringify(numbers) : null),
  });
  const listener = vi.fn();
  store.subscribe(listener);
  expect(store.get()).toEqual([1, 2]);
  store.set([3]);
  expect(storage.getItem('numbers')).toBe('[3]');
  expect(listener).toHaveBeenCalledTimes(1);
  store.set([]);
  expect(storage.getItem('numbers')).toBeNull();
});

test('a text that is no JSON reads as nothing', () => {
  expect(parseJSON('{"a":1}')).toEqual({ a: 1 });
  expect(parseJSON('{"a":')).toBeNull();
  expect(parseJSON(null)).toBeNull();
});

function storageOf(entries: Record<string, string>): Storage {
  const map = new Map(Object.entries(entries));
  return {
    getItem: (key: string) => map.get(key) ?? null,
    setItem: (key: string, value: string) => void map.set(key, value),
    removeItem: (key: string) => void map.delete(key),
  } as Storage;
}
