import './files.css';

import { useEffect, useRef, useState } from 'react';
import { useClient, useQuery } from 'urql';

import { faultsOf } from '../api/fault';
import type { ContactFilter } from '../api/generated/graphql';
import { PanelGrip } from '../design/PanelGrip';
import { Button } from '../design/Button';
import { Icon } from '../design/Icon';
import { SidePanel } from '../design/SidePanel';
import { Bone, Spinner, State } from '../design/State';
import { useLocale } from '../locale';
import { downloadsDocument, isUnfinished, someDownloadsDocument } from './documents';
import { DownloadItem } from './DownloadItem';

export interface DownloadsPanelProps {
  /** Shows the report that a file was made of. */
  onShow: (filter: ContactFilter) => void;
  onClose: () => void;
}

/** How many files come at once. */
const pageSize = 20;
/** How often the list is asked for, in milliseconds: while files are made, for new ones, and while the server is away. */
const pace = { unfinished: 2_000, list: 15_000, away: 4_000 };

/** “Pliki do pobrania”: the files ordered, their state, fetching, deleting, ordering again. A side panel. */
export function DownloadsPanel({ onShow, onClose }: DownloadsPanelProps) {
  const { words } = useLocale();
  const list = useRef<HTMLDivElement>(null);
  const [said, setSaid] = useState('');
  return (
    <SidePanel title={words.files.downloads} closeLabel={words.files.close} onClose={onClose} wide>
      <PanelGrip name="downloads" label={words.details.resize} />
      <p className="unseen" role="status">
        {said}
      </p>
      <div ref={list} className="downloads" tabIndex={-1}>
        <Page
          after={null}
          onShow={onShow}
          onRemoved={() => {
            setSaid(words.files.removed);
            // The button that had the focus is gone with its file.
            list.current?.focus({ preventScroll: true });
          }}
          onReordered={() => {
            setSaid(words.files.reordered);
            list.current?.scrollIntoView({ block: 'start' });
          }}
        />
      </div>
    </SidePanel>
  );
}

interface PageProps {
  /** The cursor of the file before the page; null for the first page. */
  after: string | null;
  onShow: (filter: ContactFilter) => void;
  onRemoved: () => void;
  onReordered: () => void;
}

/** A page of files and, once asked for, the pages behind it: they follow when new files push it on. */
function Page({ after, ...handlers }: PageProps) {
  const { words, format } = useLocale();
  const client = useClient();
  const [more, setMore] = useState(false);
  const [{ data, error, fetching }, ask] = useQuery({
    query: downloadsDocument,
    variables: { first: pageSize, after },
    requestPolicy: 'cache-and-network',
  });
  const page = data?.downloads;
  const failed = error !== undefined;
  const refused = faultsOf(error).find((fault) => fault.code === 'FORBIDDEN');
  const first = after === null;

  useEffect(() => {
    if (refused || (!first && !failed)) return;
    const timer = setInterval(() => document.hidden || ask({ requestPolicy: 'network-only' }), failed ? pace.away : pace.list);
    return () => clearInterval(timer);
  }, [ask, failed, first, refused]);

  // Files that are being made, whoever ordered them.
  const unfinished = (page?.nodes ?? [])
    .filter((download) => isUnfinished(download.state))
    .map((download) => download.id)
    .join(' ');
  useEffect(() => {
    if (!unfinished) return;
    const ids = unfinished.split(' ');
    const timer = setInterval(() => {
      if (document.hidden) return;
      void client
        .query(someDownloadsDocument, { ids }, { requestPolicy: 'network-only' })
        .toPromise()
        .then((answer) => {
          if (answer.data?.nodes.includes(null)) ask({ requestPolicy: 'network-only' });
        });
    }, pace.unfinished);
    return () => clearInterval(timer);
  }, [client, ask, unfinished]);

  if (refused) {
    return (
      <State icon="lock" title={words.files.forbidden}>
        {refused.message}
      </State>
    );
  }
  if (!page && failed) {
    return (
      <State
        icon="offline"
        tone="bad"
        title={words.files.listFailed}
        actions={
          <Button icon="again" onPress={() => ask({ requestPolicy: 'network-only' })}>
            {words.files.retry}
          </Button>
        }>
        {faultsOf(error)[0]?.message || words.files.offline}
      </State>
    );
  }
  if (!page) return fetching || !failed ? <Loading /> : null;
  if (first && page.nodes.length === 0) {
    return (
      <State icon="download" title={words.files.empty}>
        {words.files.emptyText}
      </State>
    );
  }
  return (
    <>
      {failed && (
        <p className="files-fault" role="status">
          <Icon name="offline" />
          {faultsOf(error)[0]?.message || words.files.reconnecting}
        </p>
      )}
      {first && <p className="downloads-total">{format.plural(page.totalCount, words.files.total)}</p>}
      <ul className="downloads-list" aria-label={words.files.downloads}>
        {page.nodes.map((download) => (
          <DownloadItem key={download.id} download={download} own={download.orderedBy === data.viewer.reference} {...handlers} />
        ))}
      </ul>
      {page.pageInfo.hasNextPage &&
        (more ? (
          <Page after={page.pageInfo.endCursor} {...handlers} />
        ) : (
          <div className="downloads-more">
            <Button icon="down" onPress={() => setMore(true)}>
              {words.files.more}
            </Button>
          </div>
        ))}
    </>
  );
}

function Loading() {
  const { words } = useLocale();
  return (
    <div className="downloads-loading">
      <Spinner label={words.files.listLoading} />
      {['60%', '90%', '75%', '60%', '90%'].map((width, index) => (
        <Bone key={index} width={width} />
      ))}
    </div>
  );
}
