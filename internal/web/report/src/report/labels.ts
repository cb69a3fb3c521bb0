import type { ContactType } from '../api/generated/graphql';
import type { Words } from '../locale';

/** The type of a contact in words, with the source's own word for the channel of what is of no known type. */
export function typeLabel({ type, channel }: { type: ContactType; channel?: string | null }, words: Words): string {
  return channel ? `${words.types[type]} (${channel})` : words.types[type];
}
