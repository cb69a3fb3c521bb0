import type { Client } from 'urql';

import { createPageClient } from '../api/client';
import { save } from '../api/save';
import { language } from '../locale/language';
import type { Store } from '../state/store';
import { type HeardContact, listenDocument, peaksDocument, type Wave } from './documents';
import { type Playback, playback, type Silence, speed, volume } from './playback';

/** What can be done with the page's player. */
export interface Player {
  play: (contactId: string, index: number, at: number) => Promise<void>;
  pause: () => void;
  /** Pauses, or goes on; tries again what is silent. */
  toggle: () => void;
  /** Jumps to a second. */
  seek: (at: number) => void;
  /** Jumps some seconds forth, or back. */
  skip: (seconds: number) => void;
  /** Where it is now, to the frame. */
  now: () => number;
  /** Saves a recording as a file; answers whether there is one. */
  save: (contactId: string, index: number) => Promise<boolean>;
  close: () => void;
}

/** What the server tells of a contact and its recordings, each with its address where it can be played. */
export interface Told {
  contact: HeardContact | null;
  urls: readonly (string | null)[];
}

/** What the player asks the server. */
export interface Source {
  told: (contactId: string) => Promise<Told>;
  waves: (contactId: string) => Promise<readonly Wave[] | null>;
  /** The server's sentence about an address that did not play; null if it has none. */
  complaint: (url: string) => Promise<string | null>;
}

/** The page plays on for this many seconds before another refusal of the same recording asks for a new address. */
const settled = 5;

/** A player of an audio element, which tells what it does in a store. */
export function createPlayer(sound: HTMLAudioElement, source: Source, store: Store<Playback | null>): Player {
  // Counts what was asked for: an answer to anything but the last is late.
  let turn = 0;
  let url: string | null = null;
  /** Whether it is to be heard, as soon as it can. */
  let wanted = false;
  /** Where the address was last renewed; null once it has played on from there. */
  let renewedAt: number | null = null;

  const change = (next: Partial<Playback>) => {
    const before = store.get();
    if (before) store.set({ ...before, ...next });
  };
  const silent = (why: Silence, message?: string) => {
    wanted = false;
    change({ state: 'silent', silence: { why, message } });
  };

  /** Asks for the address of what is played, and plays it from where it stands. */
  const begin = async () => {
    const mine = ++turn;
    const { contactId, index } = store.get()!;
    change({ state: 'loading', silence: null });
    empty(sound);
    let told: Told;
    try {
      told = await source.told(contactId);
    } catch (reason) {
      if (mine === turn) silent('OFFLINE', reason instanceof Error ? reason.message : undefined);
      return;
    }
    if (mine !== turn) return;
    const recording = told.contact?.recordings[index];
    url = told.urls[index] ?? null;
    change({ contact: told.contact, length: recording?.seconds ?? null });
    if (!recording) return silent('NONE');
    if (recording.state !== 'AVAILABLE') return silent(recording.state);
    if (recording.problem != null || url === null) return silent('UNPLAYABLE', recording.problem ?? undefined);
    sound.src = url;
    sound.currentTime = store.get()!.at;
    sound.playbackRate = sound.defaultPlaybackRate = speed.get();
    sound.volume = volume.get();
    if (wanted) await start(mine);
    else change({ state: 'paused' });
    if (mine === turn) await draw(contactId);
  };

  const start = async (mine: number) => {
    try {
      await sound.play();
    } catch (reason) {
      // What cannot be loaded is told by the element's own error; a jump to another recording by nothing.
      if (mine === turn && reason instanceof DOMException && reason.name === 'NotAllowedError') silent('BLOCKED');
    }
  };

  const draw = async (contactId: string) => {
    if (store.get()?.waves !== null) return;
    const waves = await source.waves(contactId).catch(() => null);
    if (store.get()?.contactId === contactId) change({ waves });
  };

  const onError = async () => {
    const before = store.get();
    if (!before || before.state === 'silent' || url === null || !loaded(sound)) return;
    // An address holds for minutes: a new one goes on where the old one ended. What a new one does not play is broken.
    if (sound.error?.code !== decodeError && renewedAt === null) {
      renewedAt = before.at;
      return begin();
    }
    const mine = turn;
    const message = await source.complaint(url);
    if (mine === turn) silent(message === null ? 'UNPLAYABLE' : 'REFUSED', message ?? undefined);
  };

  const onTime = () => {
    if (sound.readyState === 0 || store.get()?.state === 'silent') return;
    const at = sound.currentTime;
    if (renewedAt !== null && Math.abs(at - renewedAt) > settled) renewedAt = null;
    change({ at });
  };
  const onEnd = () => {
    const { contactId, index, contact } = store.get()!;
    // The parts of a talk follow each other.
    if (contact?.recordings[index + 1]?.state === 'AVAILABLE') void play(contactId, index + 1, 0);
  };
  sound.addEventListener('playing', () => store.get()?.state === 'loading' && change({ state: 'playing' }));
  sound.addEventListener('waiting', () => store.get()?.state === 'playing' && change({ state: 'loading' }));
  sound.addEventListener('pause', () => store.get()?.state === 'playing' && pause());
  sound.addEventListener('timeupdate', onTime);
  sound.addEventListener('seeked', onTime);
  sound.addEventListener('durationchange', () => Number.isFinite(sound.duration) && change({ length: sound.duration }));
  sound.addEventListener('ended', onEnd);
  sound.addEventListener('error', () => void onError());
  speed.subscribe(() => (sound.playbackRate = sound.defaultPlaybackRate = speed.get()));
  volume.subscribe(() => (sound.volume = volume.get()));

  const play = async (contactId: string, index: number, at: number) => {
    const before = store.get();
    const known = before?.contactId === contactId ? before : null;
    wanted = true;
    renewedAt = null;
    store.set({
      contactId,
      index,
      state: 'loading',
      silence: null,
      contact: known?.contact ?? null,
      waves: known?.waves ?? null,
      at,
      length: known?.contact?.recordings[index]?.seconds ?? null,
    });
    await begin();
  };
  const pause = () => {
    wanted = false;
    sound.pause();
    if (store.get()?.state !== 'silent') change({ state: 'paused' });
  };
  const toggle = () => {
    const before = store.get();
    if (!before) return;
    if (before.state === 'silent') return void play(before.contactId, before.index, before.at);
    if (wanted) return pause();
    wanted = true;
    change({ state: 'loading' });
    if (loaded(sound)) void start(turn);
  };
  const now = () => (sound.readyState > 0 ? sound.currentTime : (store.get()?.at ?? 0));
  const seek = (to: number) => {
    const before = store.get();
    if (!before || before.state === 'silent') return;
    const at = Math.max(0, Math.min(to, before.length ?? Infinity));
    change({ at });
    if (loaded(sound)) sound.currentTime = at;
  };
  return {
    play,
    pause,
    toggle,
    seek,
    skip: (seconds) => seek(now() + seconds),
    now,
    save: async (contactId, index) => {
      const told = await source.told(contactId).catch(() => null);
      const address = told?.urls[index];
      if (address) save(address);
      return address != null;
    },
    close: () => {
      turn++;
      wanted = false;
      store.set(null);
      empty(sound);
    },
  };
}

/** What MediaError.MEDIA_ERR_DECODE is. */
const decodeError = 3;

/** Whether the element has something to play. */
function loaded(sound: HTMLAudioElement): boolean {
  return sound.getAttribute('src') !== null;
}

function empty(sound: HTMLAudioElement): void {
  sound.pause();
  sound.removeAttribute('src');
  sound.load();
}

/** The player of the page. */
export function createPagePlayer(sound: HTMLAudioElement): Player {
  return createPlayer(sound, sourceOf(createPageClient()), playback);
}

function sourceOf(client: Client): Source {
  return {
    told: async (id) => {
      const { data, error } = await client.query(listenDocument, { id }).toPromise();
      const contact = data?.contact ?? null;
      if (error && !contact) throw new Error(error.graphQLErrors[0]?.message ?? '');
      return { contact, urls: contact?.recordings.map(({ url }) => url && ownAddress(url)) ?? [] };
    },
    waves: async (id) => {
      const { data } = await client.query(peaksDocument, { id }).toPromise();
      return data?.contact?.recordings.map(({ peaks }) => peaks) ?? null;
    },
    complaint: async (url) => {
      try {
        const answer = await fetch(url, { headers: { range: 'bytes=0-0', 'accept-language': language.get() } });
        if (answer.ok) return null;
        return ((await answer.json()) as { message?: string }).message ?? null;
      } catch {
        return null;
      }
    },
  };
}

/** An address of ours at the page's own origin: the page may be opened under another name than links are made for. */
function ownAddress(url: string): string {
  const { pathname, search } = new URL(url, location.href);
  return pathname + search;
}
