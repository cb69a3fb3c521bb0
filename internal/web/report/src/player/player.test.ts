import { beforeEach, expect, test, vi } from 'vitest';

import type { HeardContact } from './documents';
import type { Playback } from './playback';
import type { Source, Told } from './player';

vi.stubGlobal('localStorage', { getItem: () => null, setItem: () => undefined });
vi.stubGlobal('document', { documentElement: {}, getElementById: () => null });
vi.stubGlobal('sessionStorage', { getItem: () => null });
vi.stubGlobal('addEventListener', () => undefined);
const { createStore } = await import('../state/store');
const { createPlayer } = await import('./player');
const { speed } = await import('./playback');

/** An audio element that loads at once, and plays as far as it is told. */
class Sound extends EventTarget {
  source: string | null = null;
  asked: string[] = [];
  currentTime = 0;
  duration = 60;
  paused = true;
  playbackRate = 1;
  defaultPlaybackRate = 1;
  volume = 1;
  readyState = 0;
  error: { code: number } | null = null;
  set src(url: string) {
    this.source = url;
    this.asked.push(url);
    this.error = null;
  }
  getAttribute = () => this.source;
  removeAttribute = () => (this.source = null);
  load = () => (this.readyState = 0);
  play = () => {
    this.paused = false;
    this.readyState = 4;
    this.tell('playing');
    return Promise.resolve();
  };
  pause = () => {
    const before = this.paused;
    this.paused = true;
    if (!before) this.tell('pause');
  };
  playTo(at: number) {
    this.currentTime = at;
    this.tell('timeupdate');
  }
  fail(code: number) {
    this.error = { code };
    this.readyState = 0;
    this.tell('error');
  }
  tell(name: string) {
    this.dispatchEvent(new Event(name));
  }
}

function told(id: string, ...states: HeardContact['recordings'][number]['state'][]): Told {
  const recordings = states.map((state) => ({ path: 'a.wav', seconds: 60, channels: 2, sizeBytes: 1, state, problem: null }));
  const contact = { id, externalId: id, agent: null, recordings } as unknown as HeardContact;
  return { contact, urls: states.map((state, i) => (state === 'AVAILABLE' ? `/media/${id}/${i}?${++links}` : null)) };
}

let links = 0;
let answers: Record<string, () => Promise<Told>>;
let complaint: string | null;
let sound: Sound;

function made() {
  const store = createStore<Playback | null>(null);
  const source: Source = {
    told: (id) => answers[id]!(),
    waves: () => Promise.resolve([[{ smallest: [0], largest: [1] }]]),
    complaint: () => Promise.resolve(complaint),
  };
  return { store, player: createPlayer(sound as unknown as HTMLAudioElement, source, store) };
}

const settled = () => new Promise((resolve) => setTimeout(resolve));

beforeEach(() => {
  links = 0;
  complaint = null;
  sound = new Sound();
  answers = {
    one: () => Promise.resolve(told('one', 'AVAILABLE')),
    two: () => Promise.resolve(told('two', 'AVAILABLE', 'AVAILABLE')),
    gone: () => Promise.resolve(told('gone', 'ABSENT')),
    away: () => Promise.reject(new Error('')),
  };
});

test('it plays, is drawn, pauses and goes on', async () => {
  const { store, player } = made();
  await player.play('one', 0, 0);
  expect(sound.asked).toEqual(['/media/one/0?1']);
  expect(store.get()).toMatchObject({ state: 'playing', length: 60, waves: [[{ largest: [1] }]] });
  sound.playTo(7);
  player.toggle();
  expect(store.get()).toMatchObject({ state: 'paused', at: 7 });
  player.toggle();
  expect(store.get()).toMatchObject({ state: 'playing', at: 7 });
  expect(sound.asked).toHaveLength(1);
});

test('another recording stops the first, whose late answer changes nothing', async () => {
  const { store, player } = made();
  let answer: (told: Told) => void = () => undefined;
  answers.one = () => new Promise((resolve) => (answer = resolve));
  const first = player.play('one', 0, 0);
  await player.play('two', 0, 0);
  answer(told('one', 'AVAILABLE'));
  await first;
  expect(store.get()).toMatchObject({ contactId: 'two', state: 'playing' });
  expect(sound.asked).toEqual(['/media/two/0?1']);
});

test('a jump stays within the recording', async () => {
  const { store, player } = made();
  await player.play('one', 0, 30);
  expect(sound.currentTime).toBe(30);
  player.skip(10);
  expect(sound.currentTime).toBe(40);
  player.skip(-100);
  expect(sound.currentTime).toBe(0);
  player.seek(1000);
  expect(store.get()!.at).toBe(60);
});

test('an address that holds no longer is asked for anew, and it goes on where it was', async () => {
  const { store, player } = made();
  await player.play('one', 0, 0);
  sound.playTo(42);
  sound.fail(2);
  await settled();
  expect(sound.asked).toEqual(['/media/one/0?1', '/media/one/0?2']);
  expect(sound.currentTime).toBe(42);
  expect(store.get()).toMatchObject({ state: 'playing', at: 42 });
  // And again once it has played on.
  sound.playTo(55);
  sound.fail(2);
  await settled();
  expect(sound.asked).toHaveLength(3);
});

test('what was paused stays paused under a new address', async () => {
  const { store, player } = made();
  await player.play('one', 0, 0);
  player.pause();
  sound.fail(2);
  await settled();
  expect(store.get()!.state).toBe('paused');
  expect(sound.paused).toBe(true);
});

test('what a new address does not play either is told once, in the words of the server where it has any', async () => {
  const { store, player } = made();
  await player.play('one', 0, 0);
  sound.fail(4);
  await settled();
  sound.fail(4);
  await settled();
  expect(store.get()).toMatchObject({ state: 'silent', silence: { why: 'UNPLAYABLE' } });
  expect(sound.asked).toHaveLength(2);
  complaint = 'Tego już nie ma.';
  player.toggle();
  await settled();
  sound.fail(4);
  await settled();
  sound.fail(4);
  await settled();
  expect(store.get()).toMatchObject({ state: 'silent', silence: { why: 'REFUSED', message: 'Tego już nie ma.' } });
});

test('broken sound is not asked for twice', async () => {
  const { store, player } = made();
  await player.play('one', 0, 0);
  sound.fail(3);
  await settled();
  expect(sound.asked).toHaveLength(1);
  expect(store.get()!.silence!.why).toBe('UNPLAYABLE');
});

test('what is not there is told, and so is a server that is away', async () => {
  const { store, player } = made();
  await player.play('gone', 0, 0);
  expect(store.get()).toMatchObject({ state: 'silent', silence: { why: 'ABSENT' } });
  await player.play('away', 0, 0);
  expect(store.get()).toMatchObject({ state: 'silent', silence: { why: 'OFFLINE' } });
  expect(sound.asked).toEqual([]);
});

test('the parts of a talk follow each other, and then it rests', async () => {
  const { store, player } = made();
  await player.play('two', 0, 0);
  const end = () => {
    sound.playTo(60);
    sound.pause();
    sound.tell('ended');
  };
  end();
  await settled();
  expect(store.get()).toMatchObject({ index: 1, state: 'playing' });
  end();
  await settled();
  expect(store.get()).toMatchObject({ index: 1, state: 'paused' });
});

test('the speed holds for what plays, and for what is played next', async () => {
  const { player } = made();
  await player.play('one', 0, 0);
  speed.set(1.5);
  expect(sound.playbackRate).toBe(1.5);
  await player.play('two', 0, 0);
  expect(sound.playbackRate).toBe(1.5);
});

test('closed, it is silent and shows nothing', async () => {
  const { store, player } = made();
  await player.play('one', 0, 0);
  player.close();
  expect(store.get()).toBeNull();
  expect(sound.paused).toBe(true);
  expect(sound.source).toBeNull();
});

test('pressed while it is still asked for, it waits for the second press', async () => {
  const { store, player } = made();
  let answer: (told: Told) => void = () => undefined;
  answers.one = () => new Promise((resolve) => (answer = resolve));
  const asked = player.play('one', 0, 0);
  player.toggle();
  expect(store.get()!.state).toBe('paused');
  answer(told('one', 'AVAILABLE'));
  await asked;
  expect(sound.paused).toBe(true);
  player.toggle();
  await settled();
  expect(store.get()!.state).toBe('playing');
});
