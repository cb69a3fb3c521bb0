import { useMemo } from 'react';

import { en } from './en';
import { formats, type Formats } from './format';
import { type Language, useLanguage } from './language';
import { pl, type Words } from './pl';

export type { Words } from './pl';

const tables: Record<Language, Words> = { pl, en };

export interface Locale {
  language: Language;
  /** Every word of the page. */
  words: Words;
  /** Numbers, dates and durations as the language writes them. */
  format: Formats;
}

export function localeOf(language: Language): Locale {
  return { language, words: tables[language], format: formats(language) };
}

/** The words and formats of the page's language. */
export function useLocale(): Locale {
  const language = useLanguage();
  return useMemo(() => localeOf(language), [language]);
}
