import { CalendarDate, parseDate } from '@internationalized/date';

import { type Criteria, maxListLength, listNames } from '../report/criteria';
import type { Locale } from '../locale';

/** What is wrong with the fields of the filter: a sentence for each faulty field. */
export type Field = keyof Criteria | 'hours';
export type FieldErrors = Partial<Record<Field, string>>;

const maxTextLength = 200;
const months = 3;

/** Judges criteria before the server does, by the same rules; what it lets through the server may still refuse. */
export function validate(criteria: Criteria, { words, format }: Locale): FieldErrors {
  const wrong = words.filters.errors;
  const errors: FieldErrors = {};

  if ('from' in criteria.period) {
    const from = day(criteria.period.from);
    const to = day(criteria.period.to);
    if (!from || !to) errors.period = wrong.day;
    else if (from.compare(to) > 0) errors.period = wrong.reversed;
    else if (to.compare(lastDay(from)) > 0) errors.period = wrong.tooLong(format.day(lastDay(from).toString()));
  }
  if (criteria.hoursFrom && criteria.hoursFrom === criteria.hoursTo) errors.hours = wrong.hours;
  for (const name of ['sourceAddresses', 'destinationAddresses'] as const) {
    const faulty = criteria[name].find((value) => !isAddress(value));
    if (faulty !== undefined) errors[name] = wrong.address(faulty);
  }
  if (criteria.ticketIds.some((value) => [...value].length > maxTextLength)) {
    errors.ticketIds = wrong.text(format.number(maxTextLength));
  }
  for (const name of listNames) {
    if (criteria[name].length > maxListLength) errors[name] ??= wrong.long(format.number(maxListLength));
  }
  return errors;
}

/** The last day that a period from a day may have: the day before the same day three months on, clamped to its month. */
function lastDay(from: CalendarDate): CalendarDate {
  return from.add({ months }).subtract({ days: 1 });
}

function day(text: string): CalendarDate | null {
  try {
    return parseDate(text);
  } catch {
    return null;
  }
}

/** Whether a text reads as a phone number in any usual spelling, or as an e-mail address. */
export function isAddress(value: string): boolean {
  const text = value.normalize('NFKC').trim();
  if (text.includes('@')) return /^[^\s@]+@[^\s@]+$/.test(text);
  const digits = text.replace(/^tel:/i, '').replace(/[\s\p{Pd}\p{Cf}()./]/gu, '');
  if (!/^\+?\d+$/.test(digits)) return false;
  const [, international, rest = ''] = /^(\+|00)?(\d*)$/.exec(digits) ?? [];
  if (international) return rest.length >= 7 && rest.length <= 15;
  return (
    rest.length === 9 ||
    (rest.length === 10 && rest.startsWith('0')) ||
    (rest.length === 11 && rest.startsWith('48')) ||
    (rest.length >= 2 && rest.length <= 6)
  );
}

/** The field of the panel that a fault of the API is about, by its `extensions.field`; null for none of them. */
export function fieldOf(path: string | null): Field | null {
  const name = /^(?:input\.)?filter\.(\w+)/.exec(path ?? '')?.[1];
  if (name === 'hours') return 'hours';
  return name === 'period' || name === 'timeZone' || name === 'outsideCampaign' || listNames.some((list) => list === name)
    ? (name as Field)
    : null;
}
