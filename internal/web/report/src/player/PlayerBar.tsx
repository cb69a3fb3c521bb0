import './player.css';

import { IconButton } from '../design/Button';
import { useLocale } from '../locale';
import { useStore } from '../state/store';
import { Jumps, Loudness, PlayButton, Time } from './Controls';
import { control, stopListening } from './listen';
import { playback } from './playback';
import { SaveButton } from './SaveButton';
import { SilenceNote } from './SilenceNote';
import { Heard } from './Heard';

/** What is played, at the foot of the page: it stays while one scrolls, filters and opens other contacts. */
export function PlayerBar({ onDetails }: { onDetails: (contactId: string) => void }) {
  const { words } = useLocale();
  const current = useStore(playback);
  if (!current) return null;
  const { contact, contactId, index, state, silence, at, length } = current;
  const title = [contact?.externalId, contact?.agent?.name].filter(Boolean).join(', ');
  return (
    <section className="player-bar" aria-label={words.player.title}>
      <PlayButton state={state} onPress={() => control((player) => player.toggle())} />
      <p className="player-bar-title" title={title}>
        <bdi>{contact?.externalId ?? words.player.loading}</bdi>
        {contact?.agent && <bdi className="player-bar-agent">{contact.agent.name}</bdi>}
      </p>
      {silence ? (
        <SilenceNote silence={silence} again />
      ) : (
        <>
          <Time at={at} length={length} />
          <Heard playback={current} />
          <Jumps onSkip={(seconds) => control((player) => player.skip(seconds))} />
          <Loudness />
        </>
      )}
      {contact?.recordings[index]?.state === 'AVAILABLE' && <SaveButton contactId={contactId} index={index} />}
      <IconButton icon="info" label={words.player.details} onPress={() => onDetails(contactId)} />
      <IconButton icon="close" label={words.player.close} onPress={stopListening} />
    </section>
  );
}
