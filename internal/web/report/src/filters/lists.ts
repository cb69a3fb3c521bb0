import { parse } from '@0no-co/graphql.web';
import type { TypedDocumentNode } from 'urql';

import type { ListName } from '../report/criteria';

/** A page of something to choose from. */
export interface Page {
  nodes: { id: string; name: string; externalId?: string; deletedAt?: string | null }[];
  pageInfo: { hasNextPage: boolean; endCursor?: string | null };
  totalCount: number;
}

export interface PageVariables {
  search: string | null;
  after: string | null;
  includeDeleted: boolean;
}

/** The lists that come from the API, by the criterion that chooses from them. */
const fields = {
  agentIds: 'agents',
  agentGroupIds: 'agentGroups',
  campaignIds: 'campaigns',
  siteCallIds: 'siteCalls',
  queueIds: 'queues',
  classifierIds: 'classifiers',
} as const satisfies Partial<Record<ListName, string>>;

export type ListedName = keyof typeof fields;

export const listedNames = Object.keys(fields) as ListedName[];

const documents = new Map<ListedName, TypedDocumentNode<{ list: Page }, Partial<PageVariables>>>();

/** The query of a page of a list; only agents can have been deleted. */
export function listDocument(name: ListedName): TypedDocumentNode<{ list: Page }, Partial<PageVariables>> {
  const known = documents.get(name);
  if (known) return known;
  const deletable = name === 'agentIds';
  const made = parse(`
    query Choose($search: String, $after: String${deletable ? ', $includeDeleted: Boolean!' : ''}) {
      list: ${fields[name]}(search: $search, after: $after, first: 200${deletable ? ', includeDeleted: $includeDeleted' : ''}) {
        nodes { id name ${deletable ? 'externalId deletedAt' : ''} }
        pageInfo { hasNextPage endCursor }
        totalCount
      }
    }
  `) as TypedDocumentNode<{ list: Page }, Partial<PageVariables>>;
  documents.set(name, made);
  return made;
}

/** The variables of the query of a list, which are told only those that it declares. */
export function listVariables(name: ListedName, { includeDeleted, ...rest }: PageVariables): Partial<PageVariables> {
  return name === 'agentIds' ? { ...rest, includeDeleted } : rest;
}
