import { graphql } from '../api/generated';
import type { SourcesQuery } from '../api/generated/graphql';

export const sourcesDocument = graphql(`
  query Sources {
    sources {
      name
      kind
      rows
      badRows
      errors
      lastErrorAt
      lastRowAt
      readAt
      lagSeconds
      calls
      openCalls
      unfinishedCalls
      withoutContact {
        reason
        calls
      }
    }
  }
`);

export type SourceShown = SourcesQuery['sources'][number];
