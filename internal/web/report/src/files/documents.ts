import { graphql } from '../api/generated';
import type { DownloadFieldsFragment, DownloadState } from '../api/generated/graphql';

/** What is shown of a file. Its address is not part of it: it is good for minutes only, so it is asked for when needed. */
export const downloadFields = graphql(`
  fragment DownloadFields on Download {
    id
    state
    kind
    locale
    filter {
      timeZone
      period {
        range {
          from
          to
        }
      }
    }
    filterInWords
    orderedBy
    orderedAt
    startedAt
    finishedAt
    expiresAt
    progress {
      contactsDone
      contactsTotal
      linesWritten
      secondsLeft
    }
    fileName
    sizeBytes
    error {
      code
      message
    }
  }
`);

export const downloadDocument = graphql(`
  query Download($id: ID!) {
    download(id: $id) {
      ...DownloadFields
    }
  }
`);

export const downloadUpdatedDocument = graphql(`
  subscription DownloadUpdated($id: ID!) {
    downloadUpdated(id: $id) {
      ...DownloadFields
    }
  }
`);

export const downloadsDocument = graphql(`
  query Downloads($first: Int!, $after: String) {
    viewer {
      reference
    }
    downloads(first: $first, after: $after) {
      totalCount
      nodes {
        ...DownloadFields
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

/** Several files as they are now; null for those that were deleted. */
export const someDownloadsDocument = graphql(`
  query SomeDownloads($ids: [ID!]!) {
    nodes(ids: $ids) {
      id
      ... on Download {
        ...DownloadFields
      }
    }
  }
`);

export const downloadUrlDocument = graphql(`
  query DownloadUrl($id: ID!) {
    download(id: $id) {
      id
      url
      fileName
    }
  }
`);

/** The report that a file was made of, as it can be asked for again. */
export const downloadFilterDocument = graphql(`
  query DownloadFilter($id: ID!) {
    download(id: $id) {
      id
      kind
      columns
      extras
      format
      locale
      filter {
        period {
          range {
            from
            to
          }
        }
        hours {
          from
          to
        }
        timeZone
        agentIds
        agentGroupIds
        campaignIds
        outsideCampaign
        withoutSourceAddress
        withoutDestinationAddress
        unfinished
        types
        statuses
        outcomes
        weekdays
        queueTime {
          atLeast
          atMost
        }
        timeToAnswer {
          atLeast
          atMost
        }
        lostAfter {
          atLeast
          atMost
        }
        agentTalkTime {
          atLeast
          atMost
        }
        sourceAddresses
        destinationAddresses
        addresses
        externalIds
        recordExternalIds
        ticketIds
        siteCallIds
        queueIds
        classifierIds
        recordIds
        contactIds
      }
    }
  }
`);

/** What a file of a filter would hold. */
export const previewDocument = graphql(`
  query ExportPreview($filter: ContactFilter!, $kind: ExportKind!, $columns: [ContactColumn!], $format: ExportFormat!) {
    exportPreview(filter: $filter, kind: $kind, columns: $columns, format: $format) {
      contacts
      lines
      sheets
      warnings {
        code
        message
      }
    }
  }
`);

export const exportDocument = graphql(`
  mutation ExportContacts($input: ExportContactsInput!) {
    exportContacts(input: $input) {
      download {
        ...DownloadFields
      }
    }
  }
`);

export const cancelDocument = graphql(`
  mutation CancelDownload($input: CancelDownloadInput!) {
    cancelDownload(input: $input) {
      download {
        ...DownloadFields
      }
    }
  }
`);

export const deleteDocument = graphql(`
  mutation DeleteDownload($input: DeleteDownloadInput!) {
    deleteDownload(input: $input) {
      deletedDownloadId
    }
  }
`);

export type DownloadShown = DownloadFieldsFragment;

/** Whether a file is still to come. */
export function isUnfinished(state: DownloadState): boolean {
  return state === 'QUEUED' || state === 'RUNNING';
}
