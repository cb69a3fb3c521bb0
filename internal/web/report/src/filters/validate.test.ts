import { expect, test } from 'vitest';

import { formats } from '../locale/format';
import { pl } from '../locale/pl';
import { blank, type Criteria, maxListLength } from '../report/criteria';
import { fieldOf, isAddress, validate } from './validate';

const locale = { language: 'pl', words: pl, format: formats('pl') } as const;
const wrong = pl.filters.errors;

function errorsOf(change: Partial<Criteria>) {
  return validate({ ...blank, ...change }, locale);
}

test('blank criteria are right', () => {
  expect(errorsOf({})).toEqual({});
});

test.each([
  ['', '2026-01-01', wrong.day],
  ['2026-01-01', '', wrong.day],
  ['2026-02-30', '2026-03-01', wrong.day],
  ['2026-03-02', '2026-03-01', wrong.reversed],
  ['2026-03-01', '2026-03-01', undefined],
  ['2026-01-15', '2026-04-14', undefined],
  ['2026-01-15', '2026-04-15', wrong.tooLong('14 kwi 2026')],
  ['2025-11-30', '2026-02-27', undefined],
  ['2025-11-30', '2026-02-28', wrong.tooLong('27 lut 2026')],
])('a period of %s to %s', (from, to, error) => {
  expect(errorsOf({ period: { from, to } }).period).toBe(error);
});

test('hours may pass midnight, but not be the same', () => {
  expect(errorsOf({ hoursFrom: '22:00', hoursTo: '06:00' })).toEqual({});
  expect(errorsOf({ hoursFrom: '18:00' })).toEqual({});
  expect(errorsOf({ hoursFrom: '18:00', hoursTo: '18:00' }).hours).toBe(wrong.hours);
});

test.each(['+48789789789', '789 789 789', '0048 789-789-789', 'tel:+48789789789', '48789789789', '(22) 123 45 67', '112', 'a@b'])(
  '%s is an address',
  (value) => expect(isAddress(value)).toBe(true),
);

test.each(['', '1', '1234567', 'nie numer', '+123', '+1234567890123456', 'a@', '@b', 'a b@c'])('%s is no address', (value) =>
  expect(isAddress(value)).toBe(false),
);

test('a wrong value is named, and a list or a text that is too long is told its bound', () => {
  expect(errorsOf({ sourceAddresses: ['112', 'kto'] }).sourceAddresses).toBe(wrong.address('kto'));
  expect(errorsOf({ ticketIds: ['ż'.repeat(200)] })).toEqual({});
  expect(errorsOf({ ticketIds: ['ż'.repeat(201)] }).ticketIds).toBe(wrong.text('200'));
  const ids = Array.from({ length: maxListLength + 1 }, (_, i) => `${i}`);
  expect(errorsOf({ queueIds: ids }).queueIds).toBe(wrong.long('250'));
  expect(errorsOf({ queueIds: ids.slice(1) })).toEqual({});
});

test.each([
  ['filter.period.range.to', 'period'],
  ['filter.hours.from', 'hours'],
  ['input.filter.queueIds[3]', 'queueIds'],
  ['filter.nothing', null],
  ['orderBy.field', null],
  [null, null],
])('the field of a fault at %s is %s', (path, field) => {
  expect(fieldOf(path)).toBe(field);
});
