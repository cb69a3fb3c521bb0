import { expect, test } from 'vitest';

import { en } from './en';
import { pl } from './pl';

/** The paths of all words, and what kind of thing each is. */
function shapeOf(words: unknown, path = ''): string[] {
  if (!words || typeof words !== 'object') return [`${path}: ${typeof words}`];
  return Object.entries(words).flatMap(([name, one]) => (['few', 'many'].includes(name) ? [] : shapeOf(one, `${path}.${name}`)));
}

function textsOf(words: unknown): string[] {
  if (typeof words === 'string') return [words];
  return words && typeof words === 'object' ? Object.values(words).flatMap(textsOf) : [];
}

test('every word is there in both languages', () => {
  expect(shapeOf(en).sort()).toEqual(shapeOf(pl).sort());
  expect(textsOf(pl)).not.toContain('');
});
