import contacts from './tabs/1-contacts.graphql?raw';
import oneContact from './tabs/2-one-contact.graphql?raw';
import orderFile from './tabs/3-order-a-file.graphql?raw';
import files from './tabs/4-files.graphql?raw';

/** The tabs of a first visit. Each runs as it is; a Go test checks them against the schema. */
export const openingTabs = [contacts, oneContact, orderFile, files].map((query) => ({ query }));
