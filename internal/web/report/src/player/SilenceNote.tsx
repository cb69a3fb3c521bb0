import { Button } from '../design/Button';
import { Icon } from '../design/Icon';
import { useLocale, type Words } from '../locale';
import type { HeardRecording } from './documents';
import { control } from './listen';
import { type Playback, type Silence } from './playback';

/** In the place of a player: why nothing is heard, and what can be done. */
export function SilenceNote({ silence, again }: { silence: NonNullable<Playback['silence']>; again: boolean }) {
  const { words } = useLocale();
  return (
    <div className="player-silence" role="alert">
      <Icon name={passing.has(silence.why) ? 'offline' : 'warn'} />
      <p>{silence.message || words.player.silence[silence.why]}</p>
      {again && silence.why !== 'NONE' && (
        <Button look="quiet" icon="again" onPress={() => control((player) => player.toggle())}>
          {words.player.again}
        </Button>
      )}
    </div>
  );
}

const passing: ReadonlySet<Silence> = new Set<Silence>(['OFFLINE', 'UNREACHABLE']);

/** Why a recording cannot be heard, before anybody tried; null where it can. */
export function silenceOf({ state, problem }: HeardRecording, words: Words): string | null {
  if (state !== 'AVAILABLE') return words.player.silence[state];
  return problem;
}
