import { useEffect, useMemo } from 'react';
import { type Client, useClient } from 'urql';

import { createStore, type Store, useStore } from '../state/store';
import { apart, rememberAgents, useSharedNames } from './agents';
import { graphql } from './generated';

/** What is shown of a thing that a filter names by its id. */
export interface Name {
  name: string;
  deleted: boolean;
  /** The platform's id of an agent. */
  key?: string;
}

const document = graphql(`
  query Names($ids: [ID!]!) {
    nodes(ids: $ids) {
      __typename
      id
      ... on Agent {
        name
        externalId
        deletedAt
      }
      ... on AgentGroup {
        name
      }
      ... on Campaign {
        name
      }
      ... on Queue {
        name
      }
      ... on Classifier {
        name
      }
      ... on SiteCall {
        name
      }
      ... on Record {
        externalId
      }
      ... on Contact {
        externalId
      }
    }
  }
`);

/** The API answers no more ids at once. */
const maxIds = 200;

/** The names that came with the answers of a client: whoever signs in next, with another client, may not know them. */
const stores = new WeakMap<Client, Store<ReadonlyMap<string, Name | null>>>();

function namesOf(client: Client): Store<ReadonlyMap<string, Name | null>> {
  let store = stores.get(client);
  if (!store) stores.set(client, (store = createStore<ReadonlyMap<string, Name | null>>(new Map())));
  return store;
}

/** Remembers names that came with a list. */
export function rememberNames(client: Client, entries: Iterable<readonly [string, Name | null]>): void {
  const named = [...entries];
  rememberAgents(
    client,
    named.map(([, name]) => (name?.key === undefined ? null : { name: name.name, externalId: name.key })),
  );
  const store = namesOf(client);
  store.set(new Map([...store.get(), ...named]));
}

/**
 * The names of ids, asked for where they are not known yet; undefined while unknown, null for what does not exist (for
 * this principal).
 */
export function useNames(ids: readonly string[]): (id: string) => Name | null | undefined {
  const client = useClient();
  const known = useStore(namesOf(client));
  const shared = useSharedNames(client);
  const missing = useMemo(() => ids.filter((id) => !known.has(id)), [ids, known]);
  useEffect(() => {
    if (missing.length === 0) return;
    let gone = false;
    const asked = missing.slice(0, maxIds);
    void client
      .query(document, { ids: asked })
      .toPromise()
      .then(({ data, error }) => {
        if (gone || (error && !data)) {
          // An id of a hand-made address that is none: the report itself says so, the chip only shows that it is unknown.
          if (!gone && error?.graphQLErrors.length)
            rememberNames(
              client,
              asked.map((id) => [id, null]),
            );
          return;
        }
        rememberNames(
          client,
          asked.map((id, i) => {
            const node = data?.nodes[i];
            if (!node || !('id' in node)) return [id, null];
            if (node.__typename === 'Agent') {
              return [id, { name: node.name, deleted: node.deletedAt != null, key: node.externalId }];
            }
            if ('name' in node) return [id, { name: node.name, deleted: false }];
            return [id, 'externalId' in node ? { name: node.externalId, deleted: false } : null];
          }),
        );
      });
    return () => {
      gone = true;
    };
  }, [client, missing]);
  return (id) => {
    const name = known.get(id);
    return name?.key === undefined ? name : { ...name, name: apart({ name: name.name, externalId: name.key }, shared) };
  };
}
