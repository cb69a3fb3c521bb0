import { ProgressBar } from 'react-aria-components';

import { useLocale } from '../locale';
import type { DownloadShown } from './documents';

/** How much of a file is made: a bar, the percentage, the contacts and the time left. */
export function Progress({ download }: { download: DownloadShown }) {
  const { words, format } = useLocale();
  const { contactsDone, contactsTotal, secondsLeft } = download.progress;
  const queued = download.state === 'QUEUED';
  const unknown = queued || contactsTotal === null;
  const share = contactsTotal ? Math.min(contactsDone / contactsTotal, 1) : 0;
  const done = queued
    ? words.files.queued
    : contactsTotal === null
      ? words.files.counting
      : words.files.of.replace('#', format.number(contactsDone)).replace('%', format.number(contactsTotal));
  const left = !queued && secondsLeft !== null ? words.files.left.replace('#', format.roughly(secondsLeft)) : '';
  return (
    <ProgressBar
      className="progress"
      aria-label={words.files.progress}
      value={share * 100}
      isIndeterminate={unknown}
      valueLabel={[format.percent(share), done, left].filter(Boolean).join(', ')}>
      <div className="progress-words">
        <span>{done}</span>
        {!unknown && <strong>{format.percent(share)}</strong>}
      </div>
      <div className="progress-track">
        <div
          className={unknown ? 'progress-fill progress-fill-unknown' : 'progress-fill'}
          style={unknown ? undefined : { width: `${share * 100}%` }}
        />
      </div>
      <p className="progress-left">{left}</p>
    </ProgressBar>
  );
}
