import { expect, test } from 'vitest';

import { blank } from '../report/criteria';
import { firstOrder } from '../report/order';
import { type Place, read, write } from './codec';

const nowhere: Place = { criteria: null, columns: null, order: firstOrder, contact: null, files: false, sources: false };

test('an empty address names no report', () => {
  expect(read('')).toEqual(nowhere);
  expect(read('#')).toEqual(nowhere);
  expect(write(nowhere)).toBe('');
});

test('a whole report comes back from the address as it was written', () => {
  const place: Place = {
    criteria: {
      period: { from: '2026-03-01', to: '2026-03-31' },
      hoursFrom: '22:00',
      hoursTo: '06:00',
      timeZone: 'Europe/Lisbon',
      outsideCampaign: true,
      withoutSourceAddress: true,
      withoutDestinationAddress: true,
      unfinished: true,
      agentIds: ['a1', 'a2'],
      agentGroupIds: ['g'],
      campaignIds: ['c'],
      types: ['CHAT', 'OUTBOUND_SMS'],
      statuses: ['BUSY'],
      outcomes: ['LOST_IN_QUEUE', 'LOST_IN_IVR'],
      weekdays: ['MONDAY', 'SUNDAY'],
      queueTime: { atLeast: '20', atMost: '60' },
      timeToAnswer: { atLeast: '', atMost: '20' },
      lostAfter: { atLeast: '5', atMost: '' },
      agentTalkTime: { atLeast: '0', atMost: '0' },
      sourceAddresses: ['+48 789 789 789', 'a,b@example.com'],
      destinationAddresses: ['123'],
      addresses: ['Kowalski, Jan <jan@example.com>', 'InPost'],
      externalIds: ['1712345678.99', 'a,b'],
      recordExternalIds: ['00123'],
      ticketIds: ['T&1=2', 'zgłoszenie #7'],
      siteCallIds: ['s'],
      queueIds: ['q'],
      classifierIds: ['k'],
      recordIds: ['r'],
      contactIds: ['x'],
    },
    columns: ['externalId', 'status'],
    order: { field: 'TALK_TIME', direction: 'ASC' },
    contact: 'Q29udGFjdDox',
    files: true,
    sources: false,
  };
  expect(read(write(place))).toEqual(place);
  expect(read(`#${write(place)}`)).toEqual(place);
});

test('a link stays readable: what is as usual is left out, commas and colons stand as they are', () => {
  const place: Place = {
    ...nowhere,
    criteria: { ...blank, period: { preset: 'LAST_30_DAYS' }, statuses: ['ANSWERED', 'BUSY'], hoursFrom: '08:00' },
  };
  expect(write(place)).toBe('period=LAST_30_DAYS&hours=08:00-&statuses=ANSWERED,BUSY');
  expect(read(write(place))).toEqual(place);
});

test('values twice and columns that do not exist are left out', () => {
  const { criteria, columns } = read('period=TODAY&statuses=BUSY,BUSY,&columns=status,nothing,status');
  expect(criteria?.statuses).toEqual(['BUSY']);
  expect(columns).toEqual(['status']);
  expect(read('period=TODAY&columns=nothing').columns).toBeNull();
});

test('days win over a preset, and an order without a direction is descending', () => {
  expect(read('period=TODAY&from=2026-01-01').criteria?.period).toEqual({ from: '2026-01-01', to: '' });
  expect(read('period=TODAY&order=RING_TIME').order).toEqual({ field: 'RING_TIME', direction: 'DESC' });
});
