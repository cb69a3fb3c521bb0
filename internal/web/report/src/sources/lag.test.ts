import { expect, test } from 'vitest';

import { en } from '../locale/en';
import { pl } from '../locale/pl';
import { schemaText } from '../testing/schema';
import { callsWithoutContact, followingOf } from './lag';

test('a source is behind once its follower is more than a minute', () => {
  expect(followingOf({ lagSeconds: null })).toBe('never');
  expect([0, 5, 60].map((lagSeconds) => followingOf({ lagSeconds }))).toEqual(['current', 'current', 'current']);
  expect([61, 86_400].map((lagSeconds) => followingOf({ lagSeconds }))).toEqual(['behind', 'behind']);
});

test('calls without a contact are added up over their reasons', () => {
  expect(callsWithoutContact({ withoutContact: [] })).toBe(0);
  expect(
    callsWithoutContact({
      withoutContact: [
        { reason: 'FEATURE_CODE', calls: 4 },
        { reason: 'NO_PARTY', calls: 3 },
      ],
    }),
  ).toBe(7);
});

test('every reason of the schema has words', () => {
  const declared = /enum WithoutContactReason \{([^}]*)\}/.exec(schemaText)?.[1] ?? '';
  const reasons = declared
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => /^[A-Z_]+$/.test(line))
    .sort();
  expect(reasons.length).toBeGreaterThan(5);
  for (const words of [pl, en]) expect(Object.keys(words.sources.reasons).sort()).toEqual(reasons);
});
