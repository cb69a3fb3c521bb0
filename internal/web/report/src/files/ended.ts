import { type Exchange, mapExchange } from '@urql/core';

import { type DownloadShown, isUnfinished } from './documents';

type Download = Pick<DownloadShown, 'id' | 'state'> & Record<string, unknown>;

/**
 * A file that has ended never goes on again. An answer that left the server before the end and comes after a stream told
 * it would say so, and nobody would be told the end a second time: of such a file the answer says what is known.
 */
export function keepEnds(): Exchange {
  const ended = new Map<string, Download>();

  const asKnown = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(asKnown);
    if (typeof value !== 'object' || value === null) return value;
    if (isDownload(value)) {
      const known = ended.get(value.id);
      if (!isUnfinished(value.state)) ended.set(value.id, { ...known, ...value });
      else if (known)
        return Object.fromEntries(Object.entries(value).map(([key, old]) => [key, key in known ? known[key] : old]));
      return value;
    }
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, asKnown(part)]));
  };

  return mapExchange({ onResult: (result) => ({ ...result, data: asKnown(result.data) }) });
}

function isDownload(value: object): value is Download {
  return '__typename' in value && value.__typename === 'Download' && 'id' in value && 'state' in value;
}
