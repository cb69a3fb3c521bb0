// The address: a report is a link, in the page and in GraphiQL.
import assert from 'node:assert/strict';

import { counted, digits, grid, month, total, totalOf } from './report-page.mjs';

export default [theAddressIsTheReport, theQueryOpensInGraphiQL];

async function theAddressIsTheReport({ page, open, context, ask }) {
  await open('period=LAST_30_DAYS&statuses=BUSY&types=OUTBOUND_CALL&columns=externalId,status,type&order=RING_TIME.ASC');
  await grid(page).waitFor();
  const filter = { ...month, statuses: ['BUSY'], types: ['OUTBOUND_CALL'] };
  assert.equal(
    digits(await total(page).innerText()) || digits(await (await counted(page)).innerText()),
    await totalOf(ask, filter),
  );
  assert.deepEqual(await page.getByRole('columnheader').locator('.head-button').allInnerTexts(), [
    'ID połączenia',
    'Status',
    'Typ',
  ]);
  const address = page.url();

  await page.getByRole('button', { name: 'Usuń: Zajęte' }).last().click();
  await page.waitForURL((url) => !url.hash.includes('statuses'));
  await counted(page);
  assert.equal(digits(await total(page).innerText()), await totalOf(ask, { ...month, types: ['OUTBOUND_CALL'] }));
  await page.goBack();
  await page.waitForURL(address);
  await counted(page);
  assert.equal(digits(await total(page).innerText()), await totalOf(ask, filter));
  assert.ok(await page.locator('.statuses').getByRole('checkbox', { name: 'Zajęte' }).isChecked(), 'the panel went back too');
  await page.goForward();
  await page.waitForURL((url) => !url.hash.includes('statuses'));

  const colleague = await context.newPage();
  await colleague.goto(address);
  await grid(colleague).waitFor();
  await counted(colleague);
  assert.equal(digits(await total(colleague).innerText()), await totalOf(ask, filter));
  await colleague.close();
}

async function theQueryOpensInGraphiQL({ page, open, context, expected }) {
  expected.push('arg mismatch between arg and selection'); // what its explorer says of every list
  await open('period=LAST_30_DAYS&statuses=BUSY&hours=08:00-16:00&columns=externalId,details&order=TALK_TIME.ASC');
  await grid(page).waitFor();
  const [other] = await Promise.all([
    context.waitForEvent('page'),
    page.getByRole('button', { name: 'Otwórz zapytanie w GraphiQL' }).click(),
  ]);
  await other.getByRole('tab', { name: 'ContactsPage' }).waitFor();
  await other.locator('.graphiql-query-editor .mtk1').first().waitFor();
  const [answer] = await Promise.all([
    other.waitForResponse((response) => response.request().postData()?.includes('ContactsPage')),
    other.getByRole('button', { name: 'Execute query' }).click(),
  ]);
  const { data, errors } = await answer.json();
  assert.equal(errors, undefined);
  const ids = data.contacts.nodes.map(({ externalId }) => externalId);
  assert.ok(ids.length > 0);
  assert.equal(await page.locator('.table-place[data-index="0"] [aria-colindex="2"]').innerText(), ids[0]);
  await other.close();
}
