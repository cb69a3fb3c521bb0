import { expect, test } from 'vitest';

import { outlines } from './wave';

test('the loudest sample touches the edge, in whichever channel it is', () => {
  const [agent, client] = outlines([
    { smallest: [-64, 0], largest: [32, 0] },
    { smallest: [-16, 0], largest: [16, 0] },
  ]);
  expect(agent).toBe('M0.5,25L1.5,49.5L1.5,50.5L0.5,100Z');
  expect(client).toBe('M0.5,37.5L1.5,49.5L1.5,50.5L0.5,62.5Z');
});

test('noise is not drawn as loud as speech', () => {
  expect(outlines([{ smallest: [-1], largest: [1] }])).toEqual(['M0.5,46.9L0.5,53.1Z']);
});

test('a recording without a sample has no outline', () => {
  expect(outlines([{ smallest: [], largest: [] }])).toEqual(['']);
});
