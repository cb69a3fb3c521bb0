import { useMemo, useState } from 'react';
import { Provider } from 'urql';

import { createNormalisedClient } from '../api/client';
import type { ContactFilter } from '../api/generated/graphql';
import { DetailsPanel } from '../details/DetailsPanel';
import { IvrTimeline } from '../details/IvrTimeline';
import { DownloadNotices } from '../files/DownloadNotices';
import { DownloadsPanel } from '../files/DownloadsPanel';
import { GenerateDialog } from '../files/GenerateDialog';
import { useLocale } from '../locale';

const filter: ContactFilter = { period: { preset: 'LAST_7_DAYS' } };

/** The whole page. */
export function App() {
  const { words } = useLocale();
  const client = useMemo(createNormalisedClient, []);
  const [open, setOpen] = useState<string | null>(null);
  const close = () => setOpen(null);
  return (
    <Provider value={client}>
      <h1>{words.product}</h1>
      <button onClick={() => setOpen('generate')}>{words.files.generate}</button>
      <button onClick={() => setOpen('downloads')}>{words.files.downloads}</button>
      {open === 'generate' && <GenerateDialog filter={filter} kind="SIMPLE" onClose={close} />}
      {open === 'downloads' && <DownloadsPanel onShow={close} onClose={close} />}
      {open === 'details' && <DetailsPanel contactId="" timeZone="Europe/Warsaw" onClose={close} />}
      {open === 'ivr' && <IvrTimeline contactId="" timeZone="Europe/Warsaw" />}
      <DownloadNotices onOpenDownloads={() => setOpen('downloads')} />
    </Provider>
  );
}
