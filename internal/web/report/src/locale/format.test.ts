import { expect, test } from 'vitest';

import { formats } from './format';

const pl = formats('pl');
const en = formats('en');

test('durations are hours, minutes and seconds', () => {
  expect(pl.duration(0)).toBe('0:00:00');
  expect(pl.duration(59.9)).toBe('0:00:59');
  expect(pl.duration(3_661)).toBe('1:01:01');
  expect(pl.duration(360_000)).toBe('100:00:00');
});

test('an instant is told in the zone of the report, on both sides of the change of clocks', () => {
  expect(pl.moment('2024-03-31T00:59:59Z', 'Europe/Warsaw')).toBe('31.03.2024, 01:59:59');
  expect(pl.moment('2024-03-31T01:00:00Z', 'Europe/Warsaw')).toBe('31.03.2024, 03:00:00');
  expect(pl.time('2024-03-31T01:00:00Z', 'UTC')).toBe('01:00:00');
});

test('a day is told without a zone', () => {
  expect(pl.day('2026-03-01')).toBe('1 mar 2026');
  expect(en.day('2026-03-01')).toBe('1 Mar 2026');
});

test.each([
  [0, 'plików'],
  [1, 'plik'],
  [2, 'pliki'],
  [5, 'plików'],
  [22, 'pliki'],
  [112, 'plików'],
])('Polish counts %d %s', (count, noun) => {
  expect(pl.plural(count, { one: '# plik', few: '# pliki', many: '# plików', other: '# pliku' })).toBe(`${count} ${noun}`);
});

test('English counts with one and other, and groups digits', () => {
  expect(en.plural(1, { one: '# file', other: '# files' })).toBe('1 file');
  expect(en.plural(1_234, { one: '# file', other: '# files' })).toBe('1,234 files');
});

test('bytes stand in the largest fitting unit, seconds left about right', () => {
  expect(pl.bytes(999)).toBe('999 B');
  expect(pl.bytes(1_250)).toBe('1,3 kB');
  expect(en.bytes(2_000_000)).toBe('2 MB');
  expect(pl.roughly(0)).toBe('1 s');
  expect(pl.roughly(89.4)).toBe('89 s');
  expect(pl.roughly(90)).toBe('2 min');
});
