import { useLayoutEffect, useRef, useState } from 'react';

import type { ContactFilter } from '../api/generated/graphql';
import { Button, IconButton } from '../design/Button';
import { Dialog } from '../design/Dialog';
import { Icon } from '../design/Icon';
import { useLocale } from '../locale';
import { sentence, useFileActions, zoneOf } from './actions';
import { type DownloadShown, isUnfinished } from './documents';
import { Progress } from './Progress';

/** A filter in more letters than this is folded until somebody wants it whole. */
const longFilter = 240;

/** A file of the list: what it is, how far it is, and what can be done with it. */
export function DownloadItem({
  download,
  own,
  onShow,
  onRemoved,
  onReordered,
}: {
  download: DownloadShown;
  /** Whoever looks at it ordered it. */
  own: boolean;
  onShow: (filter: ContactFilter) => void;
  onRemoved: () => void;
  onReordered: () => void;
}) {
  const { words, format } = useLocale();
  const actions = useFileActions(download.id);
  const [removing, setRemoving] = useState(false);
  const removed = useRef(false);
  const gone = useRef(onRemoved);
  useLayoutEffect(() => {
    gone.current = onRemoved;
  });
  // When the list is without it, not before: until then the focus goes back to the button that asked.
  useLayoutEffect(
    () => () => {
      if (removed.current) gone.current();
    },
    [],
  );
  const unfinished = isUnfinished(download.state);
  const moment = (instant: string) => <time dateTime={instant}>{format.moment(instant, zoneOf(download))}</time>;
  const days = ({
    filter: {
      period: { range },
    },
  }: DownloadShown) => (range.from === range.to ? format.day(range.from) : `${format.day(range.from)} – ${format.day(range.to)}`);
  const heading = `download-${download.id}`;
  return (
    <li className="download" aria-labelledby={heading}>
      <div className="download-head">
        <h3 id={heading} className="download-title">
          {words.exportKinds[download.kind]} <span className="files-quiet">{words.files.inLanguage[download.locale]}</span>
        </h3>
        <span className={`download-state download-state-${download.state.toLowerCase()}`}>
          {words.files.states[download.state]}
        </span>
      </div>
      <FilterInWords period={days(download)} text={download.filterInWords} />
      {unfinished && <Progress download={download} />}
      {download.error && (
        <p className="download-error">
          <Icon name="warn" />
          <span>{download.error.message}</span>
        </p>
      )}
      {download.state === 'EXPIRED' && <p className="files-quiet">{words.files.expired}</p>}
      <dl className="download-facts">
        <div>
          <dt>{words.files.ordered}</dt>
          <dd>{moment(download.orderedAt)}</dd>
        </div>
        <div>
          <dt>{words.files.orderedBy}</dt>
          <dd>{own ? words.files.you : <bdi>{download.orderedBy}</bdi>}</dd>
        </div>
        {download.state === 'READY' && (
          <>
            <div>
              <dt>{words.files.content}</dt>
              <dd>
                {format.plural(download.progress.contactsDone, words.files.contactCount)},{' '}
                {format.plural(download.progress.linesWritten, words.files.lineCount)}
              </dd>
            </div>
            {download.sizeBytes !== null && (
              <div>
                <dt>{words.files.size}</dt>
                <dd>{format.bytes(download.sizeBytes)}</dd>
              </div>
            )}
            {download.expiresAt && (
              <div>
                <dt>{words.files.expires}</dt>
                <dd>{moment(download.expiresAt)}</dd>
              </div>
            )}
          </>
        )}
      </dl>
      {actions.fault && (
        <p className="download-error" role="alert">
          <Icon name="warn" />
          <span>{sentence(actions.fault, words.files)}</span>
        </p>
      )}
      <div className="download-actions">
        {download.state === 'READY' && (
          <Button
            look="primary"
            icon="download"
            aria-describedby={heading}
            isPending={actions.busy === 'fetch'}
            onPress={() => void actions.fetch()}>
            {words.files.fetch}
          </Button>
        )}
        {unfinished && (
          <Button
            look="danger"
            aria-describedby={heading}
            isPending={actions.busy === 'cancel'}
            onPress={() => void actions.cancel()}>
            {actions.busy === 'cancel' ? words.files.stopping : words.files.stop}
          </Button>
        )}
        {!unfinished && (
          <Button
            icon="again"
            aria-describedby={heading}
            isPending={actions.busy === 'again'}
            onPress={() => void actions.again().then((done) => done && onReordered())}>
            {words.files.again}
          </Button>
        )}
        <Button
          look="quiet"
          aria-describedby={heading}
          isPending={actions.busy === 'show'}
          onPress={() => void actions.filter().then((filter) => filter && onShow(filter))}>
          {words.files.show}
        </Button>
        <span className="download-remove">
          <IconButton icon="trash" label={words.files.remove} aria-describedby={heading} onPress={() => setRemoving(true)} />
        </span>
      </div>
      {removing && (
        <Dialog
          title={words.files.removeTitle}
          closeLabel={words.files.close}
          onClose={() => setRemoving(false)}
          footer={
            <>
              <Button onPress={() => setRemoving(false)} autoFocus>
                {words.files.cancelDialog}
              </Button>
              <Button
                look="danger"
                icon="trash"
                isPending={actions.busy === 'remove'}
                onPress={() =>
                  void actions.remove().then((done) => {
                    removed.current = done;
                    setRemoving(false);
                  })
                }>
                {words.files.remove}
              </Button>
            </>
          }>
          <p>
            <strong>{words.exportKinds[download.kind]}</strong>, {moment(download.orderedAt)}
          </p>
          <p>{words.files.removeText}</p>
        </Dialog>
      )}
    </li>
  );
}

/** The days, and the filter in words; a long one is folded. */
function FilterInWords({ period, text }: { period: string; text: string }) {
  const { words } = useLocale();
  const [whole, setWhole] = useState(false);
  const long = text.length > longFilter;
  return (
    <div className="download-filter">
      <p className="download-period">{period}</p>
      <p dir="auto">{long && !whole ? `${text.slice(0, longFilter).trimEnd()}…` : text}</p>
      {long && (
        <Button look="quiet" aria-expanded={whole} onPress={() => setWhole(!whole)}>
          {whole ? words.files.lessFilter : words.files.wholeFilter}
        </Button>
      )}
    </div>
  );
}
