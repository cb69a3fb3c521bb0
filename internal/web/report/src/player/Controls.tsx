import { useRef } from 'react';

import { Icon } from '../design/Icon';
import { useLocale } from '../locale';
import { useStore } from '../state/store';
import { type Playback, speed, speeds, volume } from './playback';

/** How far the buttons jump, in seconds. */
const jump = 10;

/** The big button: plays, pauses, and turns while something is on its way. */
export function PlayButton({ state, onPress }: { state: Playback['state'] | null; onPress: () => void }) {
  const { words } = useLocale();
  const on = state === 'playing' || state === 'loading';
  const label = on ? words.player.pause : words.player.play;
  return (
    <button
      type="button"
      className={state === 'loading' ? 'player-play player-play-loading' : 'player-play'}
      aria-label={label}
      title={label}
      aria-busy={state === 'loading'}
      onClick={onPress}>
      <Icon name={on ? 'pause' : 'play'} />
    </button>
  );
}

/** Ten seconds back, and ten forth. */
export function Jumps({ onSkip }: { onSkip: (seconds: number) => void }) {
  const { words } = useLocale();
  return (
    <>
      {[-jump, jump].map((seconds) => (
        <button key={seconds} type="button" className="button button-quiet player-jump" onClick={() => onSkip(seconds)}>
          {seconds < 0 ? '−' : '+'}
          {jump} s<span className="unseen">, {seconds < 0 ? words.player.back : words.player.forth}</span>
        </button>
      ))}
    </>
  );
}

export function Time({ at, length }: { at: number; length: number | null }) {
  const { format } = useLocale();
  return (
    <span className="player-time">
      {format.duration(at)}
      <span className="player-length"> / {length === null ? '–:––:––' : format.duration(length)}</span>
    </span>
  );
}

/** How fast it is heard, and how loud; both are remembered in this browser. */
export function Loudness() {
  const { words } = useLocale();
  const chosen = useStore(speed);
  const loud = useStore(volume);
  const before = useRef(1);
  const mute = loud > 0 ? words.player.mute : words.player.unmute;
  const toggle = () => {
    if (loud > 0) before.current = loud;
    volume.set(loud > 0 ? 0 : before.current);
  };
  return (
    <>
      <select
        className="player-speed"
        aria-label={words.player.speed}
        title={words.player.speed}
        value={chosen}
        onChange={(event) => speed.set(Number(event.target.value))}>
        {speeds.map((one) => (
          <option key={one} value={one}>
            {String(one)}×
          </option>
        ))}
      </select>
      <button type="button" className="icon-button" aria-label={mute} title={mute} onClick={toggle}>
        <Icon name={loud > 0 ? 'sound' : 'mute'} />
      </button>
      <input
        type="range"
        className="player-volume"
        min={0}
        max={1}
        step={0.05}
        value={loud}
        aria-label={words.player.volume}
        title={words.player.volume}
        onChange={(event) => volume.set(event.target.valueAsNumber)}
      />
    </>
  );
}
