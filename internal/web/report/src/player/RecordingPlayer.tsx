import './player.css';

import { useMemo } from 'react';

import { useLocale } from '../locale';
import { useStore } from '../state/store';
import { Jumps, Loudness, PlayButton, Time } from './Controls';
import type { HeardContact } from './documents';
import { Heard } from './Heard';
import { partsOf } from './parts';
import { control, listen } from './listen';
import { playback } from './playback';
import { SaveButton } from './SaveButton';
import { SilenceNote, silenceOf } from './SilenceNote';
import { Waveform } from './Waveform';

/** The player of one recording, where the details of its contact are. */
export function RecordingPlayer({ contact, index }: { contact: HeardContact; index: number }) {
  const { words } = useLocale();
  const all = useStore(playback);
  const current = all?.contactId === contact.id && all.index === index ? all : null;
  const parts = useMemo(() => partsOf(contact, index), [contact, index]);
  const recording = contact.recordings[index]!;
  const known = silenceOf(recording, words);
  const silence = current?.silence ?? null;

  if (known !== null || silence) {
    const why = recording.state === 'AVAILABLE' ? 'UNPLAYABLE' : recording.state;
    return (
      <div className="player">
        <SilenceNote silence={silence ?? { why, message: known ?? undefined }} again={silence !== null} />
        {recording.state === 'AVAILABLE' && <SaveButton contactId={contact.id} index={index} />}
      </div>
    );
  }
  const begin = (at: number) => listen(contact.id, index, at);
  return (
    <section className="player" aria-label={words.player.title}>
      {current ? (
        <Heard playback={current} />
      ) : (
        <Waveform
          wave={null}
          channels={recording.channels ?? 1}
          parts={parts}
          at={0}
          length={recording.seconds}
          now={null}
          onSeek={begin}
        />
      )}
      <div className="player-controls">
        <PlayButton state={current?.state ?? null} onPress={() => (current ? control((player) => player.toggle()) : begin(0))} />
        <Time at={current?.at ?? 0} length={current?.length ?? recording.seconds} />
        <Jumps onSkip={(seconds) => (current ? control((player) => player.skip(seconds)) : begin(Math.max(0, seconds)))} />
      </div>
      <div className="player-controls">
        <Loudness />
        <SaveButton contactId={contact.id} index={index} />
      </div>
    </section>
  );
}
