import contacts from './tabs/1-contacts.graphql?raw';
import oneContact from './tabs/2-one-contact.graphql?raw';
import orderFile from './tabs/3-order-a-file.graphql?raw';
import files from './tabs/4-files.graphql?raw';

/** The tabs of a first visit. Each runs as it is; a Go test checks them against the schema. */
export const openingTabs = [contacts, oneContact, orderFile, files].map((query) => ({ query }));

/**
 * The query that the address asks for, `#query=…`, as the report page opens it; null without one. It is taken out of
 * the address, so that a reload keeps what was changed since.
 */
export function queryOfAddress() {
  const query = new URLSearchParams(location.hash.slice(1)).get('query');
  if (query !== null) history.replaceState(null, '', location.pathname);
  return query;
}
