import { expect, test } from 'vitest';

import { blank, type Criteria, flagNames, fromFilter, sameCriteria, toFilter } from './criteria';

test('a filter says only what restricts', () => {
  expect(toFilter(blank)).toEqual({ period: { preset: 'LAST_7_DAYS' } });
  expect(
    toFilter({
      ...blank,
      hoursTo: '06:00',
      outsideCampaign: true,
      timeZone: 'UTC',
      statuses: ['BUSY'],
      queueTime: { atLeast: '', atMost: '20' },
    }),
  ).toEqual({
    period: { preset: 'LAST_7_DAYS' },
    hours: { to: '06:00' },
    outsideCampaign: true,
    timeZone: 'UTC',
    statuses: ['BUSY'],
    queueTime: { atMost: 20 },
  });
});

test('criteria come back from the filter that they made', () => {
  const names = Object.keys(blank).filter((name) => Array.isArray(blank[name as keyof Criteria]));
  const lists = Object.fromEntries(names.map((name) => [name, [`${name}-1`, `${name}-2`]]));
  const criteria = {
    ...blank,
    ...lists,
    ...Object.fromEntries(flagNames.map((name) => [name, true])),
    period: { from: '2026-01-01', to: '2026-01-31' },
    hoursFrom: '22:00',
    hoursTo: '06:00',
    timeZone: 'Europe/Warsaw',
  } as Criteria;
  expect(fromFilter(toFilter(criteria))).toEqual(criteria);
  expect(fromFilter(toFilter(blank))).toEqual(blank);
});

test('criteria are the same when they make the same filter', () => {
  expect(sameCriteria(blank, { ...blank, types: [] })).toBe(true);
  expect(sameCriteria(blank, { ...blank, types: ['CHAT'] })).toBe(false);
});
