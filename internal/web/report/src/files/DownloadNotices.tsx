import './files.css';

import { useEffect, useState } from 'react';
import { createPortal } from 'react-dom';
import { useClient } from 'urql';

import { Button, IconButton } from '../design/Button';
import { Icon } from '../design/Icon';
import { useLocale } from '../locale';
import { useSession } from '../session/session';
import { sentence, useFileActions } from './actions';
import type { DownloadShown } from './documents';
import { follow } from './follow';
import { forgetFile, isAttended, useAwaited } from './ordered';

export interface DownloadNoticesProps {
  /** Opens “Pliki do pobrania”. */
  onOpenDownloads: () => void;
}

/** Follows the files ordered in this tab wherever one is in the page, and says when one is ready. Always mounted. */
export function DownloadNotices({ onOpenDownloads }: DownloadNoticesProps) {
  const { words } = useLocale();
  const client = useClient();
  const awaited = useAwaited();
  const signedIn = useSession().state === 'in';
  const [notices, setNotices] = useState<DownloadShown[]>([]);
  const dismiss = (id: string) => setNotices((before) => before.filter((notice) => notice.id !== id));

  return (
    <>
      {signedIn &&
        awaited.map((id) => (
          <Follower
            key={id}
            follow={() =>
              follow(client, id, (download) => {
                const told =
                  isAttended(id) || download === null || download.state === 'CANCELLED' || download.state === 'EXPIRED';
                forgetFile(id);
                if (!told) setNotices((before) => [...before.filter((notice) => notice.id !== id), download]);
              })
            }
          />
        ))}
      {/* Above every dialog, and not hidden from assistive technology while one is open. */}
      {createPortal(
        <section className="notices" aria-label={words.files.notices} data-react-aria-top-layer="true">
          <div role="log" aria-live="polite" aria-relevant="additions">
            {(signedIn ? notices : []).map((notice) => (
              <Notice
                key={notice.id}
                download={notice}
                onDismiss={() => dismiss(notice.id)}
                onOpenDownloads={() => {
                  dismiss(notice.id);
                  onOpenDownloads();
                }}
              />
            ))}
          </div>
        </section>,
        document.body,
      )}
    </>
  );
}

/** Follows one file as long as it is mounted. */
function Follower({ follow: begin }: { follow: () => () => void }) {
  // eslint-disable-next-line react-hooks/exhaustive-deps -- one file, one client: followed once
  useEffect(begin, []);
  return null;
}

function Notice({
  download,
  onDismiss,
  onOpenDownloads,
}: {
  download: DownloadShown;
  onDismiss: () => void;
  onOpenDownloads: () => void;
}) {
  const { words, format } = useLocale();
  const actions = useFileActions(download.id);
  const ready = download.state === 'READY';
  return (
    <div className={ready ? 'notice notice-good' : 'notice notice-bad'}>
      <span className="notice-icon">
        <Icon name={ready ? 'check' : 'warn'} />
      </span>
      <div className="notice-words">
        <p className="notice-title">{ready ? words.files.ready : words.files.failed}</p>
        <p>
          {words.exportKinds[download.kind]}
          {download.sizeBytes !== null && <span className="files-quiet"> · {format.bytes(download.sizeBytes)}</span>}
        </p>
        {download.error && <p>{download.error.message}</p>}
        {actions.fault && <p className="notice-fault">{sentence(actions.fault, words.files)}</p>}
        <div className="notice-actions">
          {ready && (
            <Button
              look="primary"
              icon="download"
              isPending={actions.busy === 'fetch'}
              onPress={() => void actions.fetch().then((done) => done && onDismiss())}>
              {words.files.fetch}
            </Button>
          )}
          <Button look="quiet" onPress={onOpenDownloads}>
            {words.files.openDownloads}
          </Button>
        </div>
      </div>
      <IconButton icon="close" size="small" label={words.files.dismiss} onPress={onDismiss} />
    </div>
  );
}
