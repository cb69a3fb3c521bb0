import { useSyncExternalStore } from 'react';

export type Language = 'pl' | 'en';

const storageKey = 'kontakty.language';
const listeners = new Set<() => void>();
let language: Language = localStorage.getItem(storageKey) === 'en' ? 'en' : 'pl';
document.documentElement.lang = language;

/** The page's language: Polish unless somebody chose English in this browser. */
export function currentLanguage(): Language {
  return language;
}

export function speak(next: Language): void {
  language = next;
  localStorage.setItem(storageKey, next);
  document.documentElement.lang = next;
  for (const listener of listeners) listener();
}

export function useLanguage(): Language {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => language,
  );
}
