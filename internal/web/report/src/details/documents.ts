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

export type ContactShown = NonNullable<ContactDetailsQuery['contact']>;
export type Content = NonNullable<ContactShown['details']>;
