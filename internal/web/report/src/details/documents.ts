import { graphql } from '../api/generated';
import type { ContactDetailsQuery } from '../api/generated/graphql';

/** Everything that is known of one contact, but for its way through the IVR. */
export const contactDocument = graphql(`
  query ContactDetails($id: ID!) {
    contact(id: $id) {
      id
      externalId
      ...ContactHeadFields
      classifier {
        id
        name
      }
      record {
        id
        externalId
        significantField {
          name
          value
        }
      }
      siteCall {
        id
        name
      }
      siteCallOrderId
      ticketId
      sourceAddress
      destinationAddress
      toAddresses
      ccAddresses
      bccAddresses
      ivrTime
      ringTime
      agentTalkTime
      talkTime
      holdTime
      wrapUpTime
      conversationId
      hangupParty
      details {
        __typename
        ... on RecordingInfo {
          path
          seconds
        }
        ... on EmailInfo {
          subject
          body
          attachments {
            name
            size
            state
          }
        }
        ... on ChatInfo {
          messages {
            at
            author
            text
          }
        }
        ... on SmsInfo {
          text
        }
      }
    }
  }
`);

/** Where the attachments of an e-mail are fetched: the addresses are good for some minutes. */
export const attachmentsDocument = graphql(`
  query Attachments($id: ID!) {
    contact(id: $id) {
      id
      details {
        ... on EmailInfo {
          attachments {
            url
          }
        }
      }
    }
  }
`);

export type ContactShown = NonNullable<ContactDetailsQuery['contact']>;
export type Content = NonNullable<ContactShown['details']>;
