import type { Language } from './language';

/** How values are written. Instants are the API's RFC 3339 strings; a time zone is an IANA name. */
export interface Formats {
  number: (value: number) => string;
  /** Seconds as H:MM:SS, as the file shows them. */
  duration: (seconds: number) => string;
  /** A calendar day `YYYY-MM-DD`. */
  day: (date: string) => string;
  /** An instant to the second, such as 4.03.2024, 08:09:16. */
  moment: (instant: string, timeZone: string) => string;
  /** The time of day of an instant, to the second. */
  time: (instant: string, timeZone: string) => string;
  /** Bytes in the largest fitting unit. */
  bytes: (count: number) => string;
  percent: (share: number) => string;
  /** About how long, in words: for time left. */
  roughly: (seconds: number) => string;
  /** Picks the grammatical form for a count: Polish has three. */
  plural: (count: number, forms: PluralForms) => string;
}

/** Sentences for a count, with # where the number goes. English uses one and other. */
export type PluralForms = { one: string; few?: string; many?: string; other: string };

const cache = new Map<Language, Formats>();

export function formats(language: Language): Formats {
  const known = cache.get(language);
  if (known) return known;
  const made = make(language === 'pl' ? 'pl-PL' : 'en-GB');
  cache.set(language, made);
  return made;
}

function make(tag: string): Formats {
  const numbers = new Intl.NumberFormat(tag, { useGrouping: 'always' });
  const tenths = new Intl.NumberFormat(tag, { maximumFractionDigits: 1 });
  const percents = new Intl.NumberFormat(tag, { style: 'percent', maximumFractionDigits: 0 });
  const days = new Intl.DateTimeFormat(tag, { dateStyle: 'medium', timeZone: 'UTC' });
  const plurals = new Intl.PluralRules(tag);
  const inZone = memo(
    (zone) =>
      new Intl.DateTimeFormat(tag, {
        timeZone: zone,
        year: 'numeric',
        month: '2-digit',
        day: '2-digit',
        hour: '2-digit',
        minute: '2-digit',
        second: '2-digit',
      }),
  );
  const timeInZone = memo(
    (zone) =>
      new Intl.DateTimeFormat(tag, {
        timeZone: zone,
        hour: '2-digit',
        minute: '2-digit',
        second: '2-digit',
      }),
  );
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const plural = (count: number, forms: PluralForms) => {
    const rule = plurals.select(count);
    const form =
      (rule === 'one' ? forms.one : rule === 'few' ? forms.few : rule === 'many' ? forms.many : undefined) ?? forms.other;
    return form.replace('#', numbers.format(count));
  };
  return {
    number: (value) => numbers.format(value),
    duration: (seconds) => `${Math.floor(seconds / 3600)}:${pad(Math.floor(seconds / 60) % 60)}:${pad(Math.floor(seconds) % 60)}`,
    day: (date) => days.format(new Date(`${date}T00:00:00Z`)),
    moment: (instant, zone) => inZone(zone).format(new Date(instant)),
    time: (instant, zone) => timeInZone(zone).format(new Date(instant)),
    bytes: (count) => {
      let value = count;
      let unit = 0;
      for (; value >= 1000 && unit < units.length - 1; unit++) value /= 1000;
      return `${tenths.format(value)} ${units[unit]}`;
    },
    percent: (share) => percents.format(share),
    roughly: (seconds) => (seconds < 90 ? `${Math.max(1, Math.round(seconds))} s` : `${Math.round(seconds / 60)} min`),
    plural,
  };
}

const pad = (value: number) => String(value).padStart(2, '0');

function memo<T>(build: (key: string) => T): (key: string) => T {
  const made = new Map<string, T>();
  return (key) => {
    let value = made.get(key);
    if (!value) made.set(key, (value = build(key)));
    return value;
  };
}
