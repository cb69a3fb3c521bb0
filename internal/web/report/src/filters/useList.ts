import { useCallback, useEffect, useRef, useState } from 'react';
import { type TypedDocumentNode, useClient } from 'urql';

import { longestList } from '../address/criteria';
import { remember } from '../api/names';
import { type ListedName, lists, type Page } from './lists';

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

const patience = 200; // milliseconds after the last key

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
  const [pages, setPages] = useState<readonly Page[]>([]);
  const [state, setState] = useState<List['state']>('loading');
  const asking = useRef(0);

  const ask = useCallback(
    async (after: string | null): Promise<Page> => {
      const document = lists[name] as TypedDocumentNode<{ list: Page }, Record<string, unknown>>;
      const variables = { search: search.trim() || null, after, ...(name === 'agentIds' && { includeDeleted }) };
      const { data, error } = await client.query(document, variables).toPromise();
      if (!data) throw error ?? new Error('no answer');
      remember(data.list.nodes.map((node) => [node.id, { name: node.name, deleted: node.deletedAt != null }]));
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
      search ? patience : 0,
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
    while (page?.pageInfo.hasNextPage && ids.length <= longestList) {
      page = await ask(page.pageInfo.endCursor ?? null);
      ids.push(...page.nodes.map((node) => node.id));
    }
    return ids;
  };
  return {
    items: pages.flatMap((page) => page.nodes.map((node) => ({ id: node.id, name: node.name, deleted: node.deletedAt != null }))),
    total: pages[0]?.totalCount ?? null,
    state,
    more,
    all,
  };
}
