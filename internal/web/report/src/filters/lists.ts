import { graphql } from '../api/generated';
import type { ListName } from '../address/criteria';

/** A page of something to choose from. */
export interface Page {
  nodes: { id: string; name: string; deletedAt?: string | null }[];
  pageInfo: { hasNextPage: boolean; endCursor?: string | null };
  totalCount: number;
}

const agents = graphql(`
  query ChooseAgents($search: String, $after: String, $includeDeleted: Boolean!) {
    list: agents(search: $search, after: $after, includeDeleted: $includeDeleted, first: 200) {
      nodes {
        id
        name
        deletedAt
      }
      pageInfo {
        hasNextPage
        endCursor
      }
      totalCount
    }
  }
`);

const agentGroups = graphql(`
  query ChooseAgentGroups($search: String, $after: String) {
    list: agentGroups(search: $search, after: $after, first: 200) {
      nodes {
        id
        name
      }
      pageInfo {
        hasNextPage
        endCursor
      }
      totalCount
    }
  }
`);

const campaigns = graphql(`
  query ChooseCampaigns($search: String, $after: String) {
    list: campaigns(search: $search, after: $after, first: 200) {
      nodes {
        id
        name
      }
      pageInfo {
        hasNextPage
        endCursor
      }
      totalCount
    }
  }
`);

const siteCalls = graphql(`
  query ChooseSiteCalls($search: String, $after: String) {
    list: siteCalls(search: $search, after: $after, first: 200) {
      nodes {
        id
        name
      }
      pageInfo {
        hasNextPage
        endCursor
      }
      totalCount
    }
  }
`);

const queues = graphql(`
  query ChooseQueues($search: String, $after: String) {
    list: queues(search: $search, after: $after, first: 200) {
      nodes {
        id
        name
      }
      pageInfo {
        hasNextPage
        endCursor
      }
      totalCount
    }
  }
`);

const classifiers = graphql(`
  query ChooseClassifiers($search: String, $after: String) {
    list: classifiers(search: $search, after: $after, first: 200) {
      nodes {
        id
        name
      }
      pageInfo {
        hasNextPage
        endCursor
      }
      totalCount
    }
  }
`);

/** The lists that come from the API, by the criterion that chooses from them. */
export const lists = {
  agentIds: agents,
  agentGroupIds: agentGroups,
  campaignIds: campaigns,
  siteCallIds: siteCalls,
  queueIds: queues,
  classifierIds: classifiers,
} as const satisfies Partial<Record<ListName, unknown>>;

export type ListedName = keyof typeof lists;
