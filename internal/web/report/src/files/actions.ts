import { useCallback, useState } from 'react';
import { useClient } from 'urql';

import { authorizedFetch } from '../api/client';
import { type Fault, faultsOf } from '../api/fault';
import type { ContactFilter } from '../api/generated/graphql';
import { save } from '../api/save';
import {
  cancelDocument,
  deleteDocument,
  type DownloadShown,
  downloadFilterDocument,
  downloadUrlDocument,
  exportDocument,
} from './documents';
import { awaitFile } from './ordered';

/** What can be done with a file. Each answers whether it was done; why it was not is in `fault`. */
export interface FileActions {
  /** What is being done; null for nothing. */
  busy: 'fetch' | 'cancel' | 'remove' | 'again' | 'show' | null;
  fault: Fault | null;
  fetch: () => Promise<boolean>;
  cancel: () => Promise<boolean>;
  remove: () => Promise<boolean>;
  /** Orders the same report again: the same days, whatever preset they came from. */
  again: () => Promise<boolean>;
  /** The filter that the file was made with; null when it could not be learnt. */
  filter: () => Promise<ContactFilter | null>;
}

/** What can be done with the file of an id. */
export function useFileActions(id: string): FileActions {
  const client = useClient();
  const [busy, setBusy] = useState<FileActions['busy']>(null);
  const [fault, setFault] = useState<Fault | null>(null);

  const doing = useCallback(async <T>(what: NonNullable<FileActions['busy']>, work: () => Promise<T>): Promise<T | null> => {
    setBusy(what);
    setFault(null);
    try {
      return await work();
    } catch (reason) {
      setFault(faultsOf(reason as Error)[0] ?? null);
      return null;
    } finally {
      setBusy(null);
    }
  }, []);

  const report = useCallback(async () => {
    const { data, error } = await client.query(downloadFilterDocument, { id }, { requestPolicy: 'network-only' }).toPromise();
    if (error) throw error;
    return data?.download ?? null;
  }, [client, id]);

  return {
    busy,
    fault,
    fetch: async () =>
      (await doing('fetch', async () => {
        const { data, error } = await client.query(downloadUrlDocument, { id }, { requestPolicy: 'network-only' }).toPromise();
        if (error) throw error;
        if (!data?.download?.url) {
          setFault({ code: 'NOT_READY', field: null, message: '', path: null });
          return false;
        }
        const refused = await refusalOf(data.download.url);
        if (refused) setFault(refused);
        else save(data.download.url, data.download.fileName ?? '');
        return !refused;
      })) ?? false,
    cancel: async () =>
      (await doing('cancel', async () => {
        const { error } = await client.mutation(cancelDocument, { input: { id } }).toPromise();
        if (error) throw error;
        return true;
      })) ?? false,
    remove: async () =>
      (await doing('remove', async () => {
        const { error } = await client.mutation(deleteDocument, { input: { id } }).toPromise();
        // Somebody else deleted it first: that is what was wanted.
        if (error && faultsOf(error)[0]?.code !== 'NOT_FOUND') throw error;
        return true;
      })) ?? false,
    again: async () =>
      (await doing('again', async () => {
        const before = await report();
        if (!before) return false;
        const { kind, columns, extras, format, locale } = before;
        const filter = plain(before.filter) as ContactFilter;
        const input = { filter, kind, columns, extras, format, locale, clientMutationId: newOrderName() };
        const { data, error } = await client.mutation(exportDocument, { input }).toPromise();
        if (error || !data) throw error ?? new Error('no answer');
        awaitFile(data.exportContacts.download.id);
        return true;
      })) ?? false,
    filter: () =>
      doing('show', async () => {
        const before = await report();
        return before && (plain(before.filter) as ContactFilter);
      }),
  };
}

/** A name of one's own for an order: sent twice, it makes one file. */
export function newOrderName(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return `page-${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

/**
 * Why the file at an address would not be given out, such as rights that were taken away meanwhile; null if it would be.
 * A browser that fetches it itself shows nothing of that. A bucket elsewhere cannot be asked: then the browser finds out.
 */
async function refusalOf(url: string): Promise<Fault | null> {
  try {
    const head = await authorizedFetch(url, { method: 'HEAD' });
    if (head.ok) return null;
    const answer = await authorizedFetch(url);
    if (answer.ok) return null;
    const { code, message } = (await answer.json()) as { code: string; message: string };
    return { code, message, field: null, path: null };
  } catch {
    return null;
  }
}

/** An answer as an input: without the names of types, of what was not said and of empty lists. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (!value || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name, one]) => name !== '__typename' && one !== null && !(Array.isArray(one) && one.length === 0))
      .map(([name, one]) => [name, plain(one)]),
  );
}

/** What a fault says to people. */
export function sentence(fault: Fault, words: { offline: string; fetchFailed: string }): string {
  if (fault.message) return fault.message;
  return fault.code === 'NOT_READY' ? words.fetchFailed : words.offline;
}

/** When something happens to a file, in the zone of its report. */
export function zoneOf(download: DownloadShown): string {
  return download.filter.timeZone;
}
