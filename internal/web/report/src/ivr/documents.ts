import { graphql } from '../api/generated';
import type { ContactConversationQuery, IvrStepFieldsFragment } from '../api/generated/graphql';

export const ivrStepFields = graphql(`
  fragment IvrStepFields on IvrStep {
    position
    name
    kind
    choice
    enteredAt
    leftAt
    duration
  }
`);

/** What is said of every contact first: what it was, when, and with whom. */
export const contactHeadFields = graphql(`
  fragment ContactHeadFields on Contact {
    type
    channel
    status
    unfinished
    startedAt
    campaign {
      id
      name
    }
    agent {
      id
      name
      externalId
      deletedAt
    }
    queue {
      id
      name
    }
  }
`);

/** The way of a contact through the IVR. */
export const ivrDocument = graphql(`
  query ContactIvr($id: ID!) {
    contact(id: $id) {
      id
      status
      unfinished
      ivrSteps {
        ...IvrStepFields
      }
    }
  }
`);

/** The contacts of the conversation that a contact belongs to, each with its way through the IVR. */
export const conversationDocument = graphql(`
  query ContactConversation($id: ID!) {
    contact(id: $id) {
      id
      conversation {
        id
        externalId
        ...ContactHeadFields
        ivrSteps {
          ...IvrStepFields
        }
      }
    }
  }
`);

export type IvrStepShown = IvrStepFieldsFragment;
export type ConversationContact = NonNullable<ContactConversationQuery['contact']>['conversation'][number];
