import { graphql } from '../api/generated';
import type { HeardContactFieldsFragment, RecordingPeaksQuery } from '../api/generated/graphql';

/** What is told of a contact's recordings before anybody listens, and the way that its call took. */
export const heardContactFields = graphql(`
  fragment HeardContactFields on Contact {
    id
    externalId
    startedAt
    agent {
      name
    }
    ivrTime
    ringTime
    agentTalkTime
    ivrSteps {
      name
      kind
      duration
    }
    recordings {
      path
      seconds
      channels
      sizeBytes
      state
      problem
    }
  }
`);

export const recordingsDocument = graphql(`
  query Recordings($id: ID!) {
    contact(id: $id) {
      ...HeardContactFields
    }
  }
`);

/** The same with the addresses to play from: the audit log calls this opening a recording. */
export const listenDocument = graphql(`
  query Listen($id: ID!) {
    contact(id: $id) {
      ...HeardContactFields
      recordings {
        url
      }
    }
  }
`);

/** What a recording looks like; asked for once it plays, since the server reads the whole of it. */
export const peaksDocument = graphql(`
  query RecordingPeaks($id: ID!) {
    contact(id: $id) {
      id
      recordings {
        peaks(buckets: 600) {
          smallest
          largest
        }
      }
    }
  }
`);

export type HeardContact = HeardContactFieldsFragment;
export type HeardRecording = HeardContact['recordings'][number];
/** The channels of a recording; null where it cannot be drawn. */
export type Wave = NonNullable<RecordingPeaksQuery['contact']>['recordings'][number]['peaks'];
