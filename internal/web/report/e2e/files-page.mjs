// What proofs of files have in common: the dialog, the panel, and orders over the API.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';

const downloadFields = 'id state kind locale progress { contactsDone contactsTotal linesWritten }';

export function dialog(page) {
  return page.getByRole('dialog');
}

export function panel(page) {
  return page.locator('.side-panel');
}

export async function generate(page, kind) {
  await page.getByRole('button', { name: 'Generuj', exact: true }).click();
  await page.getByRole('menuitem', { name: kind }).click();
  await dialog(page).getByRole('heading', { name: kind }).waitFor();
}

export async function order(page) {
  await dialog(page).getByRole('button', { name: 'Generuj plik' }).click();
}

/** What fetching with a button gives. */
export async function fetched(page, button) {
  const [download] = await Promise.all([page.waitForEvent('download'), button.click()]);
  return { name: download.suggestedFilename(), content: await readFile(await download.path()) };
}

/** The longest period that a report may have, to today. */
export function threeMonths() {
  const to = new Date();
  const from = new Date(to);
  from.setUTCMonth(from.getUTCMonth() - 3);
  from.setUTCDate(from.getUTCDate() + 2);
  const day = (date) => date.toISOString().slice(0, 10);
  return { range: { from: day(from), to: day(to) } };
}

/** The same in the page's address. */
export function months() {
  const { from, to } = threeMonths().range;
  return `from=${from}&to=${to}`;
}

export async function orderOverApi(ask, kind, period, filter = {}) {
  const { exportContacts } = await ask(
    'mutation($input: ExportContactsInput!) { exportContacts(input: $input) { download { id } } }',
    {
      input: { kind, filter: { period, ...filter }, clientMutationId: `e2e-${process.pid}-${Math.random()}` },
    },
  );
  return exportContacts.download.id;
}

/** Waits until a file is ready. */
export async function finished(ask, id) {
  for (let i = 0; i < 300; i++) {
    const { download } = await ask('query($id: ID!) { download(id: $id) { state } }', { id });
    if (download.state === 'READY') return;
    assert.ok(['QUEUED', 'RUNNING'].includes(download.state), download.state);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.fail('the file did not become ready');
}

export async function newest(ask) {
  const { downloads } = await ask(`{ downloads(first: 1) { nodes { ${downloadFields} } } }`);
  return downloads.nodes[0];
}

export async function count(ask) {
  const { downloads } = await ask('{ downloads(first: 0) { totalCount } }');
  return downloads.totalCount;
}

export async function remove(ask, id) {
  await ask('mutation($id: ID!) { deleteDownload(input: { id: $id }) { deletedDownloadId } }', { id });
}
