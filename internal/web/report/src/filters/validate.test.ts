import { expect, test } from 'vitest';

import { formats } from '../locale/format';
import { pl } from '../locale/pl';
import { blank, type Criteria, maxListLength } from '../report/criteria';
import { fieldOf, isAddress, validate, valuesOf } from './validate';

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

test.each([
  ['', '20', undefined],
  ['20', '', undefined],
  ['20', '20', undefined],
  ['9', '10', undefined],
  ['21', '20', wrong.bounds],
  ['-1', '', wrong.seconds],
  ['', '1.5', wrong.seconds],
  ['', '2147483648', wrong.seconds],
])('a duration of %j to %j', (atLeast, atMost, error) => {
  expect(errorsOf({ lostAfter: { atLeast, atMost } }).lostAfter).toBe(error);
});

test.each([
  '+48789789789',
  '789 789 789',
  '112',
  'a@b',
  'Jan <jan@example.com>',
  'InPost',
  '*97',
  'numer zastrzeżony',
  'ż'.repeat(320),
])('%s is an address', (value) => expect(isAddress(value)).toBe(true));

test.each(['', ' ', 'a\u0000b', '50\u007f1', 'ż'.repeat(321)])('%j is no address', (value) =>
  expect(isAddress(value)).toBe(false),
);

test.each([
  ['501 723 894, 112;7', ['501 723 894', '112', '7']],
  ['a\tb\n\nc', ['a', 'b', 'c']],
  ['Kowalski, Jan <jan@example.com>', ['Kowalski, Jan <jan@example.com>']],
  ['+48221000101,,305\n112', ['+48221000101,,305', '112']],
  ['tel:+48221000101;ext=305', ['tel:+48221000101;ext=305']],
  [' , ', []],
])('%j is taken apart', (text, values) => expect(valuesOf(text)).toEqual(values));

test('a wrong value is named, and a list or a text that is too long is told its bound', () => {
  expect(errorsOf({ sourceAddresses: ['112', 'x'.repeat(321)] }).sourceAddresses).toBe(wrong.address('320'));
  expect(errorsOf({ externalIds: ['x'.repeat(201)] }).externalIds).toBe(wrong.text('200'));
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
  ['filter.externalIds[0]', 'externalIds'],
  ['filter.queueTime.atMost', 'queueTime'],
  ['filter.withoutSourceAddress', 'withoutSourceAddress'],
  ['filter.nothing', null],
  ['orderBy.field', null],
  [null, null],
])('the field of a fault at %s is %s', (path, field) => {
  expect(fieldOf(path)).toBe(field);
});
