import type { ContactOrderField, OrderDirection } from '../api/generated/graphql';

export interface Order {
  field: ContactOrderField;
  direction: OrderDirection;
}

/** Newest first, as the API sorts when it is not told. */
export const firstOrder: Order = { field: 'STARTED_AT', direction: 'DESC' };
