import { useSyncExternalStore } from 'react';

import { createStore, createStoredStore } from '../state/store';
import type { HeardContact, Wave } from './documents';

/** Why a recording is not heard. */
export type Silence =
  'ABSENT' | 'REMOVED' | 'NOT_CONFIGURED' | 'UNREACHABLE' | 'UNPLAYABLE' | 'OFFLINE' | 'NONE' | 'REFUSED' | 'BLOCKED';

/** What the page plays. */
export interface Playback {
  contactId: string;
  /** Which of the contact's recordings, from 0. */
  index: number;
  state: 'loading' | 'playing' | 'paused' | 'silent';
  /** Why it is silent, and the server's own sentence where it gave one. */
  silence: { why: Silence; message?: string } | null;
  /** Null until the server told of it. */
  contact: HeardContact | null;
  /** One for each recording; null until they were drawn. */
  waves: readonly Wave[] | null;
  /** Seconds from the start. */
  at: number;
  /** Seconds; null until it is known. */
  length: number | null;
}

/** What is played in this page, null for nothing: there is one player, whoever shows it. */
export const playback = createStore<Playback | null>(null);

export const speeds = [0.75, 1, 1.25, 1.5, 1.75, 2] as const;

/** How people like to listen in this browser. */
export const speed = createStoredStore<number>(localStorage, 'kontakty.speed', {
  read: (text) => speeds.find((one) => String(one) === text) ?? 1,
  write: String,
});
export const volume = createStoredStore<number>(localStorage, 'kontakty.volume', {
  read: (text) => (text !== null && Number(text) >= 0 && Number(text) <= 1 ? Number(text) : 1),
  write: String,
});

/** The contact of what is played; null for nothing. */
export function useHeardContact(): string | null {
  return useSyncExternalStore(playback.subscribe, () => playback.get()?.contactId ?? null);
}

/** What the player does with a contact; null where it plays another, or nothing. */
export function useHeard(contactId: string): Playback['state'] | null {
  return useSyncExternalStore(playback.subscribe, () => {
    const current = playback.get();
    return current?.contactId === contactId ? current.state : null;
  });
}
