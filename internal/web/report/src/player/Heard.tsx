import { useCallback, useMemo, useState } from 'react';

import { partsOf } from './parts';
import { control } from './listen';
import { type Playback } from './playback';
import type { Player } from './player';
import { Waveform } from './Waveform';

/** The waveform of what is played, with the place in it. */
export function Heard({ playback }: { playback: Playback }) {
  const { contact, index, waves, at, length, state } = playback;
  const parts = useMemo(() => (contact ? partsOf(contact, index) : []), [contact, index]);
  const wave = waves?.[index] ?? null;
  const now = useNow();
  return (
    <Waveform
      wave={wave}
      channels={wave?.length ?? contact?.recordings[index]?.channels ?? 1}
      parts={parts}
      at={at}
      length={length}
      now={state === 'playing' ? now : null}
      onSeek={seek}
    />
  );
}

function seek(at: number): void {
  control((player) => player.seek(at));
}

/** Tells where the player is; null until it is loaded. */
function useNow(): (() => number) | null {
  const [player, setPlayer] = useState<Player | null>(null);
  useState(() => control(setPlayer));
  const now = useCallback(() => player!.now(), [player]);
  return player && now;
}
