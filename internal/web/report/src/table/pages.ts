import type { Client } from 'urql';

import { type Fault, faultsOf } from '../api/fault';
import type { ContactFilter, ContactsPageQuery } from '../api/generated/graphql';
import type { ColumnId } from '../report/columns';
import type { Order } from '../report/order';
import { createStore } from '../state/store';
import { type ContactRow, pageDocument, totalDocument } from './query';

export const pageSize = 100;

/** So many pages are held at most; those farthest from what is seen go first and come again when scrolled to. */
const pagesHeld = 60;

/** A row, and which of its fields may not be seen. */
export interface Row {
  contact: ContactRow;
  hidden: ReadonlySet<string>;
}

export interface ResolvedPeriod {
  from: string;
  to: string;
  timeZone: string;
}

/** What there is to know of a report while it is read. Each change makes a new one. */
export interface Progress {
  state: 'first' | 'ready' | 'failed';
  /** How many rows are known to exist from the start. */
  known: number;
  /** Whether the last known row is the last of all. */
  complete: boolean;
  /** How many rows there are in all; null while they are counted, unknown where that failed. */
  total: number | 'unknown' | null;
  period: ResolvedPeriod | null;
  /** Why the first page, or a later one, could not be read. */
  faults: readonly Fault[];
  /** When the first page came. */
  readAt: Date | null;
}

const beginning: Progress = { state: 'first', known: 0, complete: false, total: null, period: null, faults: [], readAt: null };

const none: ReadonlySet<string> = new Set();

/**
 * The rows of one report in one order, read page by page as they are needed. Pages go by cursor, so a row comes once
 * however many arrive meanwhile; the cursor of each page is kept when its rows are let go of, and what is far from the
 * screen is let go of, so that memory stays bounded however far one scrolls.
 */
export class Report {
  readonly progress = createStore(beginning);
  #pages = new Map<number, readonly Row[]>();
  /** The cursor behind each page; that of page -1 is the start. */
  #ends = new Map<number, string | null>([[-1, null]]);
  #reading = new Map<number, () => void>();
  #seen = 0;
  #ended = false;
  #waiting: ReturnType<typeof setTimeout> | undefined;
  #document;

  constructor(
    private readonly client: Client,
    private readonly filter: ContactFilter,
    private readonly order: Order,
    columns: readonly ColumnId[],
    /** Told of the agents of each page. */
    private readonly onAgents: (agents: ContactRow['agent'][]) => void,
  ) {
    this.#document = pageDocument(columns);
  }

  /** Begins to read; returns how to stop. */
  start(): () => void {
    this.#ended = false;
    this.#read(0);
    void this.#count();
    return () => {
      this.#ended = true;
      for (const abort of this.#reading.values()) abort();
      this.#reading.clear();
      clearTimeout(this.#waiting);
    };
  }

  /** A row by its place; undefined while it is not there. */
  row(index: number): Row | undefined {
    return this.#pages.get(Math.floor(index / pageSize))?.[index % pageSize];
  }

  /** Says which rows are seen, so that they and what follows next are read. */
  see(first: number, last: number): void {
    const { state, known, complete } = this.progress.get();
    if (state !== 'ready') return;
    this.#seen = Math.floor((first + last) / 2 / pageSize);
    const lastKnown = Math.max(0, Math.ceil(known / pageSize) - 1);
    for (let page = Math.floor(first / pageSize); page <= Math.floor(last / pageSize) && page <= lastKnown; page++) {
      if (!this.#pages.has(page)) this.#read(page);
    }
    if (!complete && last >= known - pageSize) this.#read(lastKnown + 1);
  }

  /** Leaves columns that are no longer shown out of the pages that follow. */
  narrow(columns: readonly ColumnId[]): void {
    this.#document = pageDocument(columns);
  }

  /** Tries again what failed. */
  retry(): void {
    if (this.#ended || this.progress.get().faults.length === 0) return;
    clearTimeout(this.#waiting);
    const { state, known } = this.progress.get();
    this.#change({ state: state === 'failed' ? 'first' : state, faults: [] });
    this.#read(state === 'failed' ? 0 : Math.ceil(known / pageSize));
    if (typeof this.progress.get().total !== 'number') void this.#count();
  }

  #read(page: number): void {
    if (this.#reading.has(page) || !this.#ends.has(page - 1) || this.progress.get().faults.length > 0) return;
    const variables = { filter: this.filter, orderBy: this.order, first: pageSize, after: this.#ends.get(page - 1) ?? null };
    // Ended early, the request is aborted, which makes the server cancel its query.
    this.#reading.set(page, () => {});
    const request = this.client
      .query(this.#document, variables, { requestPolicy: 'network-only' })
      .subscribe(({ data, error }) => {
        this.#reading.delete(page);
        if (data?.contacts) this.#take(page, data.contacts, faultsOf(error));
        else this.#fail(faultsOf(error ?? new Error('no answer')));
      });
    if (this.#reading.has(page)) this.#reading.set(page, () => request.unsubscribe());
  }

  #take(page: number, { nodes, pageInfo, resolvedPeriod }: ContactsPageQuery['contacts'], faults: readonly Fault[]): void {
    const hidden = hiddenFields(faults);
    this.onAgents(nodes.map(({ agent }) => agent));
    this.#pages.set(
      page,
      nodes.map((contact, i) => ({ contact, hidden: hidden.get(i) ?? none })),
    );
    this.#ends.set(page, pageInfo.endCursor ?? null);
    this.#forget();
    const furthest = (page + 1) * pageSize >= this.progress.get().known;
    this.#change({
      state: 'ready',
      ...(furthest && { known: page * pageSize + nodes.length, complete: !pageInfo.hasNextPage }),
      period: resolvedPeriod,
      readAt: this.progress.get().readAt ?? new Date(),
    });
  }

  #fail(faults: readonly Fault[]): void {
    this.#change({ state: this.progress.get().state === 'first' ? 'failed' : this.progress.get().state, faults });
    // Who scrolls faster than their share is told to wait, and need not do anything else.
    const [{ code, retryAfter }] = faults as [Fault];
    if (code === 'RATE_LIMITED' && retryAfter) this.#waiting = setTimeout(() => this.retry(), retryAfter * 1_000);
  }

  async #count(): Promise<void> {
    const { data, error } = await this.client
      .query(totalDocument, { filter: this.filter }, { requestPolicy: 'network-only' })
      .toPromise();
    if (this.#ended) return;
    this.#change({ total: data ? data.contacts.totalCount : 'unknown' });
    const pause = faultsOf(error)[0]?.retryAfter;
    if (pause) setTimeout(() => this.#ended || void this.#count(), pause * 1_000);
  }

  #forget(): void {
    if (this.#pages.size <= pagesHeld) return;
    const far = [...this.#pages.keys()].sort((a, b) => Math.abs(b - this.#seen) - Math.abs(a - this.#seen));
    for (const page of far.slice(0, this.#pages.size - pagesHeld)) this.#pages.delete(page);
  }

  #change(change: Partial<Progress>): void {
    this.progress.set({ ...this.progress.get(), ...change });
  }
}

/** The fields that were refused, by the place of their row in the page. */
function hiddenFields(faults: readonly Fault[]): Map<number, Set<string>> {
  const hidden = new Map<number, Set<string>>();
  for (const { code, path } of faults) {
    const [, list, index, field] = path ?? [];
    if (code !== 'FORBIDDEN' || list !== 'nodes' || typeof index !== 'number' || typeof field !== 'string') continue;
    const fields = hidden.get(index) ?? new Set<string>();
    hidden.set(index, fields.add(field));
  }
  return hidden;
}
