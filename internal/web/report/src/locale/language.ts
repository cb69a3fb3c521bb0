import { createStoredStore, useStore } from '../state/store';

export type Language = 'pl' | 'en';

/** The page's language: Polish unless somebody chose English in this browser. */
export const language = createStoredStore<Language>(localStorage, 'kontakty.language', {
  read: (text) => (text === 'en' ? 'en' : 'pl'),
  write: (value) => value,
});

function apply(): void {
  document.documentElement.lang = language.get();
}

apply();
language.subscribe(apply);

export function useLanguage(): Language {
  return useStore(language);
}
