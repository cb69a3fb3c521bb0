// “Pliki do pobrania”: the list, its pages, ordering again, deleting.
import assert from 'node:assert/strict';

import { base } from './base.mjs';
import { count, dialog, finished, newest, orderOverApi, panel, remove } from './files-page.mjs';

export default [
  whatIsNotGivenOutIsSaid,
  theListInWords,
  orderedAgainShownAndDeleted,
  pagesOfFiles,
  withoutTheRight,
  nothingYet,
  inEnglishAndDark,
];

async function whatIsNotGivenOutIsSaid({ ask, open, page, context, expected }) {
  const id = await orderOverApi(ask, 'SIMPLE', { preset: 'YESTERDAY' });
  await finished(ask, id);
  expected.push('Failed to load resource');
  const message = 'Plik zawiera więcej, niż wolno teraz oglądać.';
  await context.route(`${base.origin}/files/**`, (route) =>
    route.fulfill({ status: 403, contentType: 'application/json', body: JSON.stringify({ code: 'FORBIDDEN', message }) }),
  );
  await open('files=open');
  await panel(page).locator('.download').first().getByRole('button', { name: 'Pobierz' }).click();
  await panel(page).getByRole('alert').getByText(message).waitFor();
  await remove(ask, id);
}

async function theListInWords({ ask, open, page, accessible }) {
  const id = await orderOverApi(
    ask,
    'DETAILED',
    { range: { from: '2026-03-01', to: '2026-03-31' } },
    { types: ['CHAT', 'INBOUND_CALL'], hours: { from: '16:00' } },
  );
  await finished(ask, id);
  const { download } = await ask(
    'query($id: ID!) { download(id: $id) { filterInWords sizeBytes progress { contactsDone linesWritten } } }',
    { id },
  );
  await open('files=open');
  const item = panel(page).locator('.download').first();
  await item.getByText(download.filterInWords, { exact: true }).waitFor();
  const text = (await item.innerText()).replace(/\s/g, ' ');
  assert.match(text, /Raport szczegółowy po polsku/);
  assert.match(text, /1 mar 2026 – 31 mar 2026/);
  assert.match(text, /Zamówił\(a\) Ty/);
  assert.match(text, /Do pobrania do \d{2}\.\d{2}\.\d{4}/);
  assert.ok(
    text.includes(`${new Intl.NumberFormat('pl-PL', { maximumFractionDigits: 1 }).format(download.sizeBytes / 1000)} kB`),
    text,
  );
  await accessible('.side-panel');
  await remove(ask, id);
}

async function orderedAgainShownAndDeleted({ ask, open, page, accessible }) {
  const id = await orderOverApi(ask, 'SIMPLE', { preset: 'YESTERDAY' }, { types: ['INBOUND_EMAIL'] });
  await finished(ask, id);
  const before = await count(ask);
  await open('files=open');
  const items = panel(page).locator('.download');
  await items.first().getByRole('button', { name: 'Zamów ponownie' }).click();
  await page.waitForFunction((id) => document.querySelector('.download h3')?.id !== `download-${id}`, id);
  await items.first().getByText('gotowy', { exact: true }).waitFor();
  assert.equal(await count(ask), before + 1);
  const again = await newest(ask);
  const filters = await ask(
    `query($ids: [ID!]!) { nodes(ids: $ids) { ... on Download { filter { period { range { from to } } types timeZone } } } }`,
    { ids: [id, again.id] },
  );
  assert.deepEqual(filters.nodes[0], filters.nodes[1], 'the same report');

  await items.first().getByRole('button', { name: 'Usuń' }).click();
  await dialog(page).getByText('Usunąć plik?').waitFor();
  await accessible('[role=dialog]');
  await page.keyboard.press('Escape');
  assert.equal(await count(ask), before + 1, 'nothing is deleted unasked');
  await items.first().getByRole('button', { name: 'Usuń' }).click();
  await dialog(page).getByRole('button', { name: 'Usuń' }).click();
  await page.waitForFunction((id) => document.querySelector('.download h3')?.id === `download-${id}`, id);
  assert.equal(await count(ask), before);
  assert.ok(await page.evaluate(() => document.activeElement.closest('.side-panel') !== null), 'the focus stays in the list');

  const { from } = filters.nodes[0].filter.period.range;
  await items.first().getByRole('button', { name: 'Pokaż raport' }).click();
  await page.getByRole('treegrid', { name: 'Kontakty' }).waitFor();
  assert.match(page.url(), new RegExp(`from=${from}&to=${from}.*types=INBOUND_EMAIL`));
  await remove(ask, id);
}

async function pagesOfFiles({ ask, become, open, page }) {
  await become(['CONTACTS_READ', 'EXPORTS']);
  const ids = [];
  for (let hour = 0; hour < 23; hour++) {
    const id = await orderOverApi(
      ask,
      'SIMPLE',
      { preset: 'YESTERDAY' },
      { types: ['CHAT'], hours: { from: `${String(hour).padStart(2, '0')}:00`, to: '23:30' } },
    );
    await finished(ask, id);
    ids.unshift(id);
  }
  await open('files=open');
  await panel(page).getByText('23 pliki').waitFor();
  const shown = () =>
    panel(page)
      .locator('.download h3')
      .evaluateAll((all) => all.map((heading) => heading.id.replace('download-', '')));
  assert.deepEqual(await shown(), ids.slice(0, 20));
  await panel(page).getByRole('button', { name: 'Pokaż starsze' }).click();
  await page.waitForFunction(() => document.querySelectorAll('.download').length > 20);
  assert.deepEqual(await shown(), ids, 'each once, newest first');
  // A new one pushes the pages on, and none falls between them.
  const id = await orderOverApi(ask, 'SIMPLE', { preset: 'TODAY' });
  await page.waitForFunction(() => document.querySelectorAll('.download').length === 24, null, { timeout: 30_000 });
  assert.deepEqual(await shown(), [id, ...ids]);
  for (const one of [id, ...ids]) await remove(ask, one);
}

async function withoutTheRight({ become, open, page, accessible }) {
  await become(['CONTACTS_READ']);
  await open('files=open');
  await panel(page).getByText('Nie masz dostępu do plików').waitFor();
  await accessible('.side-panel');
}

async function nothingYet({ become, open, page, accessible }) {
  await become(['CONTACTS_READ', 'EXPORTS']);
  await open('files=open');
  await panel(page).getByText('Nie ma jeszcze żadnych plików').waitFor();
  await accessible('.side-panel');
}

async function inEnglishAndDark({ ask, page, context, accessible }) {
  const id = await orderOverApi(ask, 'SIMPLE', { preset: 'YESTERDAY' });
  await finished(ask, id);
  await context.addInitScript(() => localStorage.setItem('kontakty.language', 'en'));
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.goto(new URL('/#period=YESTERDAY&files=open', base).href);
  await page.getByRole('heading', { name: 'Files to download' }).waitFor();
  await panel(page).getByText('Simple report').first().waitFor();
  await accessible('.side-panel');
  await page.getByRole('button', { name: 'Generate' }).click();
  await page.getByRole('menuitem', { name: 'Detailed report' }).click();
  await dialog(page).locator('.preview-figure dd').nth(2).waitFor();
  await accessible('[role=dialog]');
  await remove(ask, id);
}
