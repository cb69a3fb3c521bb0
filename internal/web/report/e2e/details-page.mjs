// What proofs of the details have in common: the panel, and contacts that they find or record.

export const recent = { period: { preset: 'LAST_30_DAYS' } };

let recorded = 0;

export function panel(page) {
  return page.locator('.side-panel');
}

/** The contacts of a page that the demo made up, without those that proofs recorded. */
export function invented({ nodes }) {
  return nodes.filter(({ externalId }) => /^\d+-/.test(externalId));
}

/** Records contacts; the answer is their ids. */
export async function record(ask, contacts, externalId) {
  const { recordContacts } = await ask(
    `mutation($input: RecordContactsInput!) { recordContacts(input: $input) { contacts { id } } }`,
    {
      input: {
        contacts: contacts.map((contact) => ({
          status: 'ANSWERED',
          startedAt: new Date(Date.now() - 3_600_000).toISOString(),
          revision: ++recorded,
          ...contact,
          externalId: externalId ?? `e2e-details-${process.pid}-${recorded}`,
        })),
      },
    },
  );
  return recordContacts.contacts.map(({ id }) => id);
}

export async function externalIdOf(ask, id) {
  const { contact } = await ask('query($id: ID!) { contact(id: $id) { externalId } }', { id });
  return contact.externalId;
}

export function duration(seconds) {
  const two = (value) => String(value).padStart(2, '0');
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}
