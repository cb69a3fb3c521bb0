import type { ContactStatus, ContactType } from '../api/generated/graphql';
import type { Words } from '../locale';

/** The type of a contact in words, with the source's own word for the channel of what is of no known type. */
export function typeLabel({ type, channel }: { type: ContactType; channel?: string | null }, words: Words): string {
  return channel ? `${words.types[type]} (${channel})` : words.types[type];
}

/** How a contact stands. */
export interface Standing {
  status: ContactStatus;
  /** It has been going on for so long that its end was never told. */
  unfinished: boolean;
}

/** The status as the file shows it, letter for letter. */
export function statusLabel({ status, unfinished }: Standing, words: Words): string {
  return unfinished ? words.unfinished : status.replaceAll('_', ' ');
}

/** Whether a contact is going on, so that it is worth asking again. */
export function isLive({ status, unfinished }: Standing): boolean {
  return status === 'RINGING' && !unfinished;
}

const tones: Record<ContactStatus, string> = {
  ANSWERED: 'good',
  RINGING: 'live',
  PENDING: 'live',
  FAILED: 'bad',
  BUSY: 'warn',
  NO_ANSWER: 'warn',
  CLASSIFIER: 'calm',
};

/** The tone of a status's colour. */
export function statusTone({ status, unfinished }: Standing): string {
  return unfinished ? 'warn' : tones[status];
}
