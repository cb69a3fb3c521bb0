import { CalendarDate, parseDate } from '@internationalized/date';

import { type Criteria, durationNames, flagNames, listNames, maxListLength } from '../report/criteria';
import type { Locale } from '../locale';

/** What is wrong with the fields of the filter: a sentence for each faulty field. */
export type Field = keyof Criteria | 'hours';
export type FieldErrors = Partial<Record<Field, string>>;

const maxTextLength = 200;
const maxAddressLength = 320;
const months = 3;
/** The longest duration that the API knows, in seconds. */
const maxSeconds = 2 ** 31 - 1;

/** The criteria of typed addresses, and those of the platform's own ids. */
export const addressNames = ['addresses', 'sourceAddresses', 'destinationAddresses'] as const;
export const keyNames = ['externalIds', 'recordExternalIds', 'ticketIds'] as const;

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
  for (const name of durationNames) {
    const { atLeast, atMost } = criteria[name];
    if (![atLeast, atMost].every((bound) => /^\d*$/.test(bound) && Number(bound) <= maxSeconds)) errors[name] = wrong.seconds;
    else if (atLeast && atMost && Number(atLeast) > Number(atMost)) errors[name] = wrong.bounds;
  }
  for (const name of addressNames) {
    if (!criteria[name].every(isAddress)) errors[name] = wrong.address(format.number(maxAddressLength));
  }
  for (const name of keyNames) {
    if (criteria[name].some((value) => [...value].length > maxTextLength))
      errors[name] = wrong.text(format.number(maxTextLength));
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

/** Whether a text can be an address: a number, a mailbox, a name of a sender, or the word for a withheld number. */
export function isAddress(value: string): boolean {
  const length = [...value].length;
  return value.trim() !== '' && length <= maxAddressLength && !/[^\P{Cc}\s]/u.test(value);
}

/** What parts several values typed or pasted at once. Spaces belong to phone numbers. */
const separators = /[,;\n\t]+/;

/** What holds a separator and is one value: a mailbox behind its name, or a number with its extension. */
const whole = /[<"]|,,|;\w+=/;

/** The values of a text that was typed or pasted. */
export function valuesOf(text: string): string[] {
  return text
    .split(whole.test(text) ? /[\n\t]+/ : separators)
    .map((value) => value.trim())
    .filter(Boolean);
}

/** The field of the panel that a fault of the API is about, by its `extensions.field`; null for none of them. */
export function fieldOf(path: string | null): Field | null {
  const name = /^(?:input\.)?filter\.(\w+)/.exec(path ?? '')?.[1];
  if (name === 'hours') return 'hours';
  return name === 'period' ||
    name === 'timeZone' ||
    [...flagNames, ...durationNames, ...listNames].some((known) => known === name)
    ? (name as Field)
    : null;
}
