import { useState } from 'react';

import { Icon } from '../design/Icon';
import { useLocale } from '../locale';
import { CopyButton } from './CopyButton';
import type { Content } from './documents';

type RecordingShown = Extract<Content, { __typename: 'RecordingInfo' }>;

/**
 * The recording of a call. It is played where its path is an address on the page's own origin, which is all that the
 * page may load; otherwise the path is what helps to find it.
 */
export function Recording({ recording }: { recording: RecordingShown }) {
  const { words, format } = useLocale();
  const [broken, setBroken] = useState(false);
  const sound = playable(recording.path);
  return (
    <div className="recording">
      {recording.seconds != null && (
        <p className="recording-length">
          <Icon name="clock" />
          <span className="unseen">{words.details.recordingLength}: </span>
          {format.duration(recording.seconds)}
        </p>
      )}
      {sound && !broken && (
        <audio
          className="recording-player"
          aria-label={words.details.recordingPlayer}
          controls
          preload="metadata"
          src={sound}
          onError={() => setBroken(true)}
        />
      )}
      <div className="recording-path">
        <code aria-label={words.details.recordingPath}>
          <bdi>{recording.path}</bdi>
        </code>
        <CopyButton text={recording.path} />
      </div>
      {(!sound || broken) && (
        <p className="details-note">{broken ? words.details.recordingBroken : words.details.recordingElsewhere}</p>
      )}
    </div>
  );
}

/** The address to play a path from: one of our own origin that is written out whole; null for any other path. */
function playable(path: string): string | null {
  if (!/^https?:\/\//i.test(path)) return null;
  try {
    const address = new URL(path);
    return address.origin === location.origin ? address.href : null;
  } catch {
    return null;
  }
}
