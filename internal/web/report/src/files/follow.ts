import type { Client } from 'urql';

import { downloadDocument, type DownloadShown, downloadUpdatedDocument, isUnfinished } from './documents';

/** How often a file is looked at, in milliseconds. */
const pace = {
  /** How often it is decided whether to ask. */
  tick: 1_000,
  /** Without a stream, asked this often. */
  polling: 2_000,
  /** A stream that said nothing for so long is asked beside: it may have been cut off, or refused without a word. */
  silence: 8_000,
  /** While nobody looks at the page. */
  hidden: 15_000,
  /** The longest pause while the server is away. */
  away: 15_000,
  /** A stream that was refused is tried again after so long. */
  refused: 30_000,
};

/**
 * Follows a file until it is finished: by a stream while the page is looked at, by asking while it is not or where
 * streams do not get through. A browser has six connections to a server for all its tabs, and a stream keeps one: hence
 * none for a page in the background. What is heard goes through the client's cache to whoever shows the file.
 *
 * onEnd gets the finished file, or null when it does not exist (any more). The answer stops following.
 */
export function follow(client: Client, id: string, onEnd: (download: DownloadShown | null) => void): () => void {
  let stopped = false;
  let heard = 0;
  let failures = 0;
  let asking = false;
  let refusedAt = 0;
  let stream: { unsubscribe: () => void } | null = null;

  const hear = (download: DownloadShown | null) => {
    heard = Date.now();
    failures = 0;
    if (stopped || (download && isUnfinished(download.state))) return;
    stop();
    onEnd(download);
  };

  const ask = async () => {
    asking = true;
    const { data, error } = await client.query(downloadDocument, { id }, { requestPolicy: 'network-only' }).toPromise();
    asking = false;
    if (stopped) return;
    if (error) {
      failures++;
      heard = Date.now();
    } else {
      hear(data?.download ?? null);
    }
  };

  const listen = () => {
    stream = client.subscription(downloadUpdatedDocument, { id }).subscribe(({ data, error }) => {
      if (error) {
        refusedAt = Date.now();
        silence();
      } else if (data) {
        hear(data.downloadUpdated);
      }
    });
    // A stream may be refused before subscribe has answered.
    if (stopped || refusedAt) silence();
  };

  const silence = () => {
    stream?.unsubscribe();
    stream = null;
  };

  const tick = () => {
    const now = Date.now();
    if (refusedAt && now - refusedAt > pace.refused) refusedAt = 0;
    if (document.hidden) silence();
    else if (!stream && !refusedAt && failures === 0) listen();
    const pause =
      failures > 0
        ? Math.min(pace.polling * 2 ** (failures - 1), pace.away)
        : document.hidden
          ? pace.hidden
          : stream
            ? pace.silence
            : pace.polling;
    if (!stopped && !asking && now - heard >= pause) void ask();
  };

  const stop = () => {
    stopped = true;
    clearInterval(timer);
    document.removeEventListener('visibilitychange', tick);
    silence();
  };

  const timer = setInterval(tick, pace.tick);
  document.addEventListener('visibilitychange', tick);
  tick();
  return stop;
}
