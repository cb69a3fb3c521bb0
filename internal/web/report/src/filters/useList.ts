import { useCallback, useEffect, useRef, useState } from 'react';
import { useClient } from 'urql';

import { maxListLength } from '../report/criteria';
import { apart, useSharedNames } from '../api/agents';
import { rememberNames } from '../api/names';
import { listDocument, type ListedName, listVariables, type Page } from './lists';

export interface Item {
  id: string;
  name: string;
  deleted: boolean;
}

export interface List {
  items: readonly Item[];
  /** How many are found, over all pages; null while unknown. */
  total: number | null;
  state: 'loading' | 'ready' | 'failed';
  /** Asks for the next page, if there is one. */
  more: () => void;
  /** The ids of all that are found; of more than a filter may hold, enough to see that they are too many. */
  all: () => Promise<string[]>;
}

/** Milliseconds after the last key. */
const searchDelay = 200;

/** The things to choose from, searched by the server. Nothing is asked for while it is not open. */
export function useList(
  name: ListedName,
  {
    open,
    search,
    includeDeleted,
  }: {
    open: boolean;
    search: string;
    includeDeleted: boolean;
  },
): List {
  const client = useClient();
  const shared = useSharedNames(client);
  const [pages, setPages] = useState<readonly Page[]>([]);
  const [state, setState] = useState<List['state']>('loading');
  const asking = useRef(0);

  const ask = useCallback(
    async (after: string | null): Promise<Page> => {
      const variables = listVariables(name, { search: search.trim() || null, after, includeDeleted });
      const { data, error } = await client.query(listDocument(name), variables).toPromise();
      if (!data) throw error ?? new Error('no answer');
      rememberNames(
        client,
        data.list.nodes.map((node) => [node.id, { name: node.name, deleted: node.deletedAt != null, key: node.externalId }]),
      );
      return data.list;
    },
    [client, name, search, includeDeleted],
  );

  useEffect(() => {
    if (!open) return;
    const turn = ++asking.current;
    // eslint-disable-next-line react-hooks/set-state-in-effect -- the request begins here, and with it the waiting
    setState('loading');
    const timer = setTimeout(
      () => {
        ask(null).then(
          (page) => {
            if (turn !== asking.current) return;
            setPages([page]);
            setState('ready');
          },
          () => turn === asking.current && setState('failed'),
        );
      },
      search ? searchDelay : 0,
    );
    return () => clearTimeout(timer);
  }, [ask, open, search]);

  const last = pages.at(-1);
  const more = () => {
    if (state !== 'ready' || !last?.pageInfo.hasNextPage) return;
    const turn = ++asking.current;
    setState('loading');
    ask(last.pageInfo.endCursor ?? null).then(
      (page) => {
        if (turn !== asking.current) return;
        setPages((before) => [...before, page]);
        setState('ready');
      },
      () => turn === asking.current && setState('failed'),
    );
  };
  const all = async () => {
    const ids = pages.flatMap((page) => page.nodes.map((node) => node.id));
    let page = last;
    while (page?.pageInfo.hasNextPage && ids.length <= maxListLength) {
      page = await ask(page.pageInfo.endCursor ?? null);
      ids.push(...page.nodes.map((node) => node.id));
    }
    return ids;
  };
  return {
    items: pages.flatMap((page) =>
      page.nodes.map(({ id, name, externalId, deletedAt }) => ({
        id,
        name: externalId === undefined ? name : apart({ name, externalId }, shared),
        deleted: deletedAt != null,
      })),
    ),
    total: pages[0]?.totalCount ?? null,
    state,
    more,
    all,
  };
}
