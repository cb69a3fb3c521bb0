import type { Client } from 'urql';
import { expect, test } from 'vitest';

import { apart, rememberAgents, sharedNames } from './agents';

test('agents of one name are told apart by their external ids, others have their names alone', () => {
  const anna = { name: 'Anna Lis', externalId: 'a-1' };
  expect(apart(anna, new Set(['Ewa Lis']))).toBe('Anna Lis');
  expect(apart(anna, new Set(['Anna Lis']))).toBe('Anna Lis (a-1)');
});

test('a name is shared once it came with two external ids, for whoever asked alone', () => {
  const [client, another] = [{} as Client, {} as Client];
  const anna = { name: 'Anna Lis', externalId: 'a-1' };
  const ewa = { name: 'Ewa Lis', externalId: 'e-1' };
  rememberAgents(client, [anna, null, ewa, anna]);
  expect(sharedNames(client).get()).toEqual(new Set());
  const before = sharedNames(client).get();
  rememberAgents(client, [anna, ewa]);
  expect(sharedNames(client).get()).toBe(before);
  rememberAgents(client, [{ ...anna, externalId: 'a-2' }, undefined]);
  expect(sharedNames(client).get()).toEqual(new Set(['Anna Lis']));
  expect(sharedNames(another).get()).toEqual(new Set());
});
