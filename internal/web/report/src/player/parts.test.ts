import { expect, test } from 'vitest';

import { partsOf } from './parts';

const tile = (name: string, kind: 'ANNOUNCEMENT' | 'MENU' | 'QUEUE' | 'AGENT', duration: number | null) => ({
  name,
  kind,
  duration,
});

const way = {
  ivrTime: 40,
  ringTime: null as number | null,
  agentTalkTime: 100,
  ivrSteps: [tile('Powitanie', 'ANNOUNCEMENT', 10), tile('Kolejka', 'QUEUE', 30), tile('Agent', 'AGENT', 100)],
};

const shown = (recordings: { seconds: number | null }[], index = 0, change: Partial<typeof way> = {}) =>
  partsOf({ ...way, ...change, recordings }, index).map(({ kind, tile, from, to }) => `${tile?.name ?? kind} ${from}-${to}`);

test('a recording as long as the talk is the talk', () => {
  expect(shown([{ seconds: 101 }])).toEqual(['agent 0-101']);
});

test('a recording of the whole call begins with the tiles of the IVR', () => {
  expect(shown([{ seconds: 140 }])).toEqual(['Powitanie 0-10', 'Kolejka 10-40', 'agent 40-140']);
});

test('of two ways that both fit, the closer one is marked', () => {
  expect(shown([{ seconds: 1040 }], 0, { agentTalkTime: 1000, ivrTime: 12, ivrSteps: [] })).toEqual([]);
  expect(shown([{ seconds: 1012 }], 0, { agentTalkTime: 1000, ivrTime: 12, ivrSteps: [] })).toEqual([
    'ivr 0-12',
    'agent 12-1012',
  ]);
});

test('the time in the IVR is one part where its tiles do not tell of it', () => {
  const ivrSteps = [tile('Powitanie', 'ANNOUNCEMENT', null)];
  expect(shown([{ seconds: 140 }], 0, { ivrSteps })).toEqual(['ivr 0-40', 'agent 40-140']);
});

test('an outbound call rings before somebody talks', () => {
  const outbound = { ivrTime: null, ringTime: 20, ivrSteps: [] } as unknown as Partial<typeof way>;
  expect(shown([{ seconds: 120 }], 0, outbound)).toEqual(['ring 0-20', 'agent 20-120']);
});

test('several recordings are cut out of one way', () => {
  const both = [{ seconds: 60 }, { seconds: 80 }];
  expect(shown(both, 0)).toEqual(['Powitanie 0-10', 'Kolejka 10-40', 'agent 40-60']);
  expect(shown(both, 1)).toEqual(['agent 0-80']);
});

test('nothing is marked where the lengths fit no way', () => {
  expect(shown([{ seconds: 70 }])).toEqual([]);
  expect(shown([{ seconds: null }])).toEqual([]);
  expect(shown([{ seconds: 100 }, { seconds: null }])).toEqual([]);
});
