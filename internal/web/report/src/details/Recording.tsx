import { useState } from 'react';
import { useQuery } from 'urql';

import { faultsOf } from '../api/fault';
import { Button, IconButton } from '../design/Button';
import { Bone, Spinner } from '../design/State';
import { useLocale } from '../locale';
import { recordingsDocument, type HeardContact } from '../player/documents';
import { control, listen } from '../player/listen';
import { playback } from '../player/playback';
import { RecordingPlayer } from '../player/RecordingPlayer';
import { silenceOf } from '../player/SilenceNote';
import { useStore } from '../state/store';
import { CopyButton } from './CopyButton';

/** The recordings of a call: a player of the one that is heard, or of the first, and a list where there are several. */
export function Recording({ contactId }: { contactId: string }) {
  const { words } = useLocale();
  const [{ data, error, fetching }, ask] = useQuery({ query: recordingsDocument, variables: { id: contactId } });
  const contact = data?.contact?.id === contactId ? data.contact : null;
  if (contact && contact.recordings.length > 0) return <Recordings contact={contact} />;
  if (fetching) {
    return (
      <div className="recording">
        <Spinner label={words.player.loading} />
        <Bone width="90%" />
      </div>
    );
  }
  return (
    <div className="recording">
      <p className="details-note">
        {error ? faultsOf(error)[0]?.message || words.player.failed : words.player.silence.NONE}{' '}
        {error && (
          <Button look="quiet" icon="again" onPress={() => ask()}>
            {words.player.again}
          </Button>
        )}
      </p>
    </div>
  );
}

function Recordings({ contact }: { contact: HeardContact }) {
  const { words } = useLocale();
  const current = useStore(playback);
  const [chosen, setChosen] = useState(0);
  const index = Math.min(current?.contactId === contact.id ? current.index : chosen, contact.recordings.length - 1);
  const recording = contact.recordings[index]!;
  const several = contact.recordings.length > 1;
  return (
    <div className="recording">
      <RecordingPlayer key={index} contact={contact} index={index} />
      {several && <List contact={contact} shown={index} onChoose={setChosen} />}
      <div className="recording-path">
        <code aria-label={words.details.recordingPath}>
          <bdi>{recording.path}</bdi>
        </code>
        <CopyButton text={recording.path} />
      </div>
    </div>
  );
}

function List({ contact, shown, onChoose }: { contact: HeardContact; shown: number; onChoose: (index: number) => void }) {
  const { words, format } = useLocale();
  const current = useStore(playback);
  return (
    <ol className="recording-list" aria-label={words.player.list}>
      {contact.recordings.map((recording, index) => {
        const own = current?.contactId === contact.id && current.index === index ? current : null;
        const on = own?.state === 'playing' || own?.state === 'loading';
        const name = words.player.nth(index + 1);
        const silence = silenceOf(recording, words);
        const press = () => {
          onChoose(index);
          if (own && own.state !== 'silent') control((player) => player.toggle());
          else listen(contact.id, index);
        };
        return (
          <li key={index} aria-current={index === shown}>
            <IconButton
              icon={on ? 'pause' : 'play'}
              size="small"
              label={`${on ? words.player.pause : words.player.play}: ${name}`}
              onPress={press}
            />
            <span className="recording-name">{name}</span>
            {silence !== null && <span className="recording-silent">{silence}</span>}
            <span className="recording-length">
              {recording.seconds !== null && format.duration(recording.seconds)}
              {recording.sizeBytes !== null && ` · ${format.bytes(recording.sizeBytes)}`}
            </span>
          </li>
        );
      })}
    </ol>
  );
}
