import { useQuery } from 'urql';

import { Button } from '../design/Button';
import { Dialog } from '../design/Dialog';
import { Icon } from '../design/Icon';
import { useLocale } from '../locale';
import { sentence, useFileActions, zoneOf } from './actions';
import { downloadDocument, isUnfinished } from './documents';
import { Progress } from './Progress';

/** A file that was just ordered: how far it is, and what came of it. It is followed by the notices, which are always there. */
export function Making({
  id,
  title,
  onAgain,
  onClose,
}: {
  id: string;
  title: string;
  /** Begins anew, with what the file would hold. */
  onAgain: () => void;
  onClose: () => void;
}) {
  const { words, format } = useLocale();
  const actions = useFileActions(id);
  const [{ data }] = useQuery({ query: downloadDocument, variables: { id } });
  const download = data?.download;
  const unfinished = download == null || isUnfinished(download.state);
  const ready = download?.state === 'READY';
  return (
    <Dialog
      title={title}
      closeLabel={words.files.close}
      onClose={onClose}
      footer={
        <>
          {unfinished && (
            <Button look="danger" isPending={actions.busy === 'cancel'} onPress={() => void actions.cancel()}>
              {actions.busy === 'cancel' ? words.files.stopping : words.files.stop}
            </Button>
          )}
          {!unfinished && !ready && (
            <Button icon="again" onPress={onAgain}>
              {words.files.retry}
            </Button>
          )}
          <Button look={ready ? 'secondary' : 'primary'} onPress={onClose}>
            {words.files.close}
          </Button>
          {ready && (
            <Button
              look="primary"
              icon="download"
              isPending={actions.busy === 'fetch'}
              onPress={() => void actions.fetch()}
              autoFocus>
              {words.files.fetch}
            </Button>
          )}
        </>
      }>
      {download && unfinished && (
        <div className="making">
          <p className="making-state">{download.state === 'QUEUED' ? words.files.placed : words.files.running}</p>
          <Progress download={download} />
          <p className="files-quiet">{words.files.goesOn}</p>
        </div>
      )}
      {/* What the end was is announced; the progress itself would only chatter. */}
      <div role="status">
        {download && !unfinished && (
          <div className={`made made-${download.state.toLowerCase()}`}>
            <span className="made-icon">
              <Icon name={ready ? 'check' : download.state === 'CANCELLED' ? 'info' : 'warn'} size={20} />
            </span>
            <div>
              <p className="made-title">
                {ready ? words.files.ready : download.state === 'CANCELLED' ? words.files.cancelled : words.files.failed}
              </p>
              {ready && (
                <>
                  <p>
                    <bdi className="made-name">{download.fileName}</bdi>
                  </p>
                  <p className="files-quiet">
                    {[
                      download.sizeBytes !== null && format.bytes(download.sizeBytes),
                      format.plural(download.progress.contactsDone, words.files.contactCount),
                      format.plural(download.progress.linesWritten, words.files.lineCount),
                    ]
                      .filter(Boolean)
                      .join(' · ')}
                  </p>
                  {download.expiresAt && (
                    <p className="files-quiet">
                      {words.files.readyUntil.replace('#', format.moment(download.expiresAt, zoneOf(download)))}
                    </p>
                  )}
                </>
              )}
              {download.error && <p>{download.error.message}</p>}
            </div>
          </div>
        )}
      </div>
      {actions.fault && (
        <div className="files-fault" role="alert">
          <Icon name="warn" />
          <p>{sentence(actions.fault, words.files)}</p>
        </div>
      )}
    </Dialog>
  );
}
