import { graphql } from '../api/generated';
import type { ContactIvrQuery } from '../api/generated/graphql';

/** The way of a contact through the IVR. */
export const ivrDocument = graphql(`
  query ContactIvr($id: ID!) {
    contact(id: $id) {
      id
      status
      unfinished
      ivrSteps {
        position
        name
        kind
        choice
        enteredAt
        leftAt
        duration
      }
    }
  }
`);

export type IvrStepShown = NonNullable<ContactIvrQuery['contact']>['ivrSteps'][number];
