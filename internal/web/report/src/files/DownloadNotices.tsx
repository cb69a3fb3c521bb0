export interface DownloadNoticesProps {
  /** Opens “Pliki do pobrania”. */
  onOpenDownloads(): void;
}

/** Follows the files ordered in this tab wherever one is in the page, and says when one is ready. Always mounted. */
export function DownloadNotices(_props: DownloadNoticesProps) {
  return null;
}
