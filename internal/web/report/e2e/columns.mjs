// The columns: chosen, moved, resized, remembered, sorted.
import assert from 'node:assert/strict';

import { grid, month } from './report-page.mjs';

export default [exactlyTheColumnsShownAreAskedFor, columnsAreMovedResizedAndRemembered, sortingIsTheApis];

async function exactlyTheColumnsShownAreAskedFor({ page, open }) {
  const asked = page.waitForRequest((request) => request.postData()?.includes('query ContactsPage'));
  await open('period=TODAY&columns=agent,talkTime');
  const { query, variables } = (await asked).postDataJSON();
  const fields = /nodes \{([\s\S]*)\}\s*\}\s*\}$/.exec(query.trim())[1].replace(/\s+/g, ' ').trim();
  assert.equal(
    fields
      .replace(/ ?__typename ?/g, ' ')
      .replace(/\s+/g, ' ')
      .trim(),
    'id type ivrTime status unfinished conversationId agent { name externalId deletedAt } talkTime',
  );
  assert.deepEqual(Object.keys(variables).sort(), ['after', 'filter', 'first', 'orderBy']);

  // What is hidden is left out of the next page, what is added is asked for at once.
  await open('period=LAST_30_DAYS&columns=agent,talkTime,externalId');
  await grid(page).waitFor();
  await page.getByRole('button', { name: 'Kolumny' }).click();
  await page.locator('.columns-item').getByText('Czas rozmowy', { exact: true }).click();
  await page.keyboard.press('Escape');
  const next = page.waitForRequest((request) => request.postData()?.includes('"after":"'));
  await grid(page).evaluate((element) => element.scrollTo(0, element.scrollHeight));
  assert.ok(!(await next).postDataJSON().query.includes('talkTime'));
  const again = page.waitForRequest((request) => request.postData()?.includes('"after":null'));
  await page.getByRole('button', { name: 'Kolumny' }).click();
  await page.locator('.columns-item').getByText('Kolejka', { exact: true }).click();
  assert.match((await again).postDataJSON().query, /queue/);
}

async function columnsAreMovedResizedAndRemembered({ page, open }) {
  await open('period=LAST_30_DAYS');
  const heads = page.getByRole('columnheader').locator('.head-button');
  await heads.first().waitFor();
  assert.equal(await heads.count(), 19);
  await page.getByRole('button', { name: 'Kolumny' }).click();
  await page.locator('.columns-item').getByText('Kampania', { exact: true }).click();
  await page.getByRole('button', { name: 'Przesuń niżej: ID połączenia' }).click();
  await page.keyboard.press('Escape');
  assert.deepEqual((await heads.allInnerTexts()).slice(0, 2), ['Agent', 'ID połączenia']);

  const agent = page.locator('[data-column="agent"]');
  const before = (await agent.boundingBox()).width;
  await agent.locator('.head-button').focus();
  await page.keyboard.press('Shift+ArrowRight');
  await page.keyboard.press('Shift+ArrowRight');
  assert.equal((await agent.boundingBox()).width, before + 32);
  await page.keyboard.press('Alt+ArrowRight');
  assert.deepEqual((await heads.allInnerTexts()).slice(0, 2), ['ID połączenia', 'Agent']);
  const grip = await agent.locator('.head-grip').boundingBox();
  await page.mouse.move(grip.x + 4, grip.y + 10);
  await page.mouse.down();
  await page.mouse.move(grip.x + 54, grip.y + 10, { steps: 5 });
  await page.mouse.up();
  assert.equal(Math.round((await agent.boundingBox()).width), before + 82);

  await open('period=TODAY');
  await page.getByRole('button', { name: 'Kolumny' }).waitFor();
  await grid(page).waitFor();
  assert.deepEqual((await heads.allInnerTexts()).slice(0, 2), ['ID połączenia', 'Agent'], 'the next visit remembers');
  assert.equal(await heads.count(), 18);
  assert.equal(Math.round((await agent.boundingBox()).width), before + 82);
}

async function sortingIsTheApis({ page, open, ask }) {
  await open('period=LAST_30_DAYS&columns=externalId,talkTime,startedAt');
  await grid(page).waitFor();
  const first = () => page.locator('.table-place[data-index="0"] [aria-colindex="2"]').innerText();
  for (const [direction, sort] of [
    ['DESC', 'descending'],
    ['ASC', 'ascending'],
  ]) {
    const read = page.waitForResponse((answer) => answer.request().postData()?.includes('query ContactsPage'));
    await page.getByRole('button', { name: 'Sortuj: Czas rozmowy' }).click();
    await read;
    await page.locator(`[aria-sort="${sort}"]`).waitFor();
    const { contacts } = await ask(
      `query($filter: ContactFilter!) { contacts(filter: $filter, first: 1, orderBy: {field: TALK_TIME, direction: ${direction}}) { nodes { externalId } } }`,
      { filter: month },
    );
    await page.getByText(contacts.nodes[0].externalId, { exact: true }).waitFor();
    assert.equal(await first(), contacts.nodes[0].externalId);
  }
}
