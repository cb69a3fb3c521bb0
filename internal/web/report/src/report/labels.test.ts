import { expect, test } from 'vitest';

import { pl } from '../locale/pl';
import { isLive, statusLabel, statusTone, typeLabel } from './labels';

test('what is of no known type has its channel beside it', () => {
  expect(typeLabel({ type: 'OTHER', channel: 'FAX' }, pl)).toBe('inny kontakt (FAX)');
  expect(typeLabel({ type: 'OTHER', channel: null }, pl)).toBe('inny kontakt');
  expect(typeLabel({ type: 'CHAT' }, pl)).toBe('konwersacja chat');
});

test('a contact that never ended says so, and is not going on', () => {
  const ringing = { status: 'RINGING', unfinished: false } as const;
  const never = { status: 'RINGING', unfinished: true } as const;
  expect([statusLabel(ringing, pl), statusTone(ringing), isLive(ringing)]).toEqual(['RINGING', 'live', true]);
  expect([statusLabel(never, pl), statusTone(never), isLive(never)]).toEqual(['niezakończony', 'warn', false]);
  expect(statusLabel({ status: 'NO_ANSWER', unfinished: false }, pl)).toBe('NO ANSWER');
});
