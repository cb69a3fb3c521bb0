import { playback } from './playback';
import type { Player } from './player';

let sound: HTMLAudioElement | null = null;
let loading: Promise<Player> | null = null;

/** Loads the player when it is first needed. */
function load(): Promise<Player> {
  sound ??= new Audio();
  // Within the click: some browsers let only a page play that somebody touched.
  if (!loading) sound.load();
  const element = sound;
  loading ??= import('./player').then(({ createPagePlayer }) => createPagePlayer(element));
  loading.catch(() => (loading = null));
  return loading;
}

/** Calls the player, such as `control((player) => player.toggle())`. */
export function control(call: (player: Player) => unknown): void {
  void load().then(call, () => undefined);
}

/** Plays a recording of a contact from a place in it. What was played before stops. */
export function listen(contactId: string, index = 0, at = 0): void {
  control((player) => player.play(contactId, index, at));
}

/** Pauses what is played of a contact, goes on with it, or begins with its first recording. */
export function listenOrPause(contactId: string): void {
  const current = playback.get();
  if (current?.contactId === contactId && current.state !== 'silent') control((player) => player.toggle());
  else listen(contactId);
}

/** Stops, and shows no player any more. */
export function stopListening(): void {
  if (playback.get()) control((player) => player.close());
}

/** Pauses, if anything is played. */
export function pauseListening(): void {
  if (playback.get()) control((player) => player.pause());
}
