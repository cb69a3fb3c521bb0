// Orders files of the report in a real Chromium against a running demo, follows them, fetches and reads them:
//
//   node e2e/files.mjs http://127.0.0.1:8080
//
// It orders some thirty files and deletes what it ordered.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';

import { baseOf, visit } from './details-visit.mjs';
import { sheetsOf } from './files-reader.mjs';

const base = baseOf('files.mjs');
const downloadFields = 'id state kind locale progress { contactsDone contactsTotal linesWritten }';

await visit(
  base,
  [
    theSimpleReport,
    theDetailedReport,
    twoClicksMakeOneFile,
    progressIsShownAndTheFileCalledOff,
    aNoticeWhereverOneIs,
    aReloadLosesNothing,
    withoutStreams,
    theServerGoesAwayAndComesBack,
    whatIsNotGivenOutIsSaid,
    theListInWords,
    orderedAgainShownAndDeleted,
    pagesOfFiles,
    withoutTheRight,
    nothingYet,
    anOrderThatIsRefused,
    tooManyContactsCannotBeOrdered,
    inEnglishAndDark,
  ].filter((part) => part.name.includes(process.env.PART ?? '')),
);
console.log(`Files at ${base.origin}: ordered, followed, fetched, read.`);

function dialog(page) {
  return page.getByRole('dialog');
}

function panel(page) {
  return page.locator('.side-panel');
}

async function generate(page, kind) {
  await page.getByRole('button', { name: 'Generuj', exact: true }).click();
  await page.getByRole('menuitem', { name: kind }).click();
  await dialog(page).getByRole('heading', { name: kind }).waitFor();
}

async function order(page) {
  await dialog(page).getByRole('button', { name: 'Generuj plik' }).click();
}

/** What fetching with a button gives. */
async function fetched(page, button) {
  const [download] = await Promise.all([page.waitForEvent('download'), button.click()]);
  return { name: download.suggestedFilename(), content: await readFile(await download.path()) };
}

async function theSimpleReport(visitor) {
  await theReport(visitor, { kind: 'Raport prosty', value: 'SIMPLE' });
}

async function theDetailedReport(visitor) {
  await theReport(visitor, { kind: 'Raport szczegółowy', value: 'DETAILED' });
}

async function theReport({ ask, open, page, accessible }, { kind, value }) {
  await open('period=YESTERDAY');
  await generate(page, kind);
  const { exportPreview } = await ask(
    'query($kind: ExportKind!) { exportPreview(filter: { period: { preset: YESTERDAY } }, kind: $kind) { contacts lines sheets } }',
    { kind: value },
  );
  const figures = dialog(page).locator('.preview-figure dd');
  await figures.nth(2).waitFor();
  const shown = (await figures.allInnerTexts()).map((text) => Number(text.replace(/\s/g, '')));
  assert.deepEqual(shown, [exportPreview.contacts, exportPreview.lines, exportPreview.sheets]);
  await accessible('[role=dialog]');

  await order(page);
  await dialog(page).getByText('Plik jest gotowy').waitFor();
  await accessible('[role=dialog]');
  const { name, content } = await fetched(page, dialog(page).getByRole('button', { name: 'Pobierz' }));
  assert.match(name, /\.xlsx$/);
  const sheets = await sheetsOf(page, content);
  assert.equal(sheets[0].rows[0][0], 'ID połączenia');
  assert.equal(sheets[0].rows.length - 1, exportPreview.lines, 'a line for each data line that was announced');
  assert.equal(new Set(sheets[0].rows.slice(1).map(([id]) => id)).size, exportPreview.contacts);
  assert.equal(sheets.at(-1).name, 'Informacje');
  await remove(ask, (await newest(ask)).id);
}

async function twoClicksMakeOneFile({ ask, open, page }) {
  const before = await count(ask);
  await open('period=YESTERDAY&types=CHAT');
  await generate(page, 'Raport prosty');
  const button = dialog(page).getByRole('button', { name: 'Generuj plik' });
  await button.waitFor();
  await page.waitForFunction(
    () => !document.querySelector('[role=dialog] .dialog-foot .button-primary').hasAttribute('data-disabled'),
  );
  await button.dblclick();
  await dialog(page).getByText('Plik jest gotowy').waitFor();
  assert.equal(await count(ask), before + 1);
  await remove(ask, (await newest(ask)).id);
}

async function progressIsShownAndTheFileCalledOff({ ask, open, page, accessible }) {
  await open(months());
  await generate(page, 'Raport szczegółowy');
  await page.evaluate(() => {
    globalThis.seen = [];
    new MutationObserver(() => {
      const bar = document.querySelector('[role=dialog] [role=progressbar]');
      if (bar) globalThis.seen.push(`${bar.getAttribute('aria-valuenow')} ${bar.getAttribute('aria-valuetext')}`);
    }).observe(document.body, { subtree: true, childList: true, attributes: true });
  });
  await order(page);
  await dialog(page).getByText('Plik jest gotowy').waitFor({ timeout: 60_000 });
  const seen = await page.evaluate(() => globalThis.seen);
  const between = seen.filter((one) => /^(?!0 |100 |null)[\d.]+ .*z .*kontaktów/.test(one));
  assert.ok(between.length > 0, `progress was shown: ${[...new Set(seen)].join('; ')}`);
  await remove(ask, (await newest(ask)).id);
  await dialog(page).locator('.dialog-foot').getByRole('button', { name: 'Zamknij' }).click();

  // Behind a longer one, there is time to call it off.
  const ahead = await orderOverApi(ask, 'DETAILED', threeMonths());
  await generate(page, 'Raport szczegółowy');
  await order(page);
  await dialog(page).getByRole('progressbar').waitFor();
  await accessible('[role=dialog]');
  await dialog(page).getByRole('button', { name: 'Przerwij' }).click();
  await dialog(page).getByText('Przerwano tworzenie pliku').waitFor();
  const called = await newest(ask);
  assert.equal(called.state, 'CANCELLED');
  await dialog(page).getByRole('button', { name: 'Spróbuj ponownie' }).click();
  await dialog(page).getByRole('button', { name: 'Generuj plik' }).waitFor();
  await remove(ask, called.id);
  await remove(ask, ahead);
}

async function aNoticeWhereverOneIs({ ask, open, page, accessible }) {
  const ahead = await orderOverApi(ask, 'DETAILED', threeMonths());
  await open(months());
  await generate(page, 'Raport szczegółowy');
  await order(page);
  await dialog(page).getByRole('progressbar').waitFor();
  await dialog(page).locator('.dialog-foot').getByRole('button', { name: 'Zamknij' }).click();
  await dialog(page).waitFor({ state: 'detached' });
  const notices = page.getByRole('region', { name: 'Powiadomienia o plikach' });
  assert.equal(await notices.getByRole('log').getAttribute('aria-live'), 'polite');
  // Even while another dialog covers the page.
  await generate(page, 'Raport prosty');
  await notices.getByText('Plik jest gotowy').waitFor({ timeout: 60_000 });
  await page.keyboard.press('Escape');
  await accessible('.notices');
  const { name } = await fetched(page, notices.getByRole('button', { name: 'Pobierz' }));
  assert.match(name, /\.xlsx$/);
  await notices.getByText('Plik jest gotowy').waitFor({ state: 'detached' });
  await remove(ask, (await newest(ask)).id);
  await remove(ask, ahead);
}

async function aReloadLosesNothing({ ask, open, page }) {
  const ahead = await orderOverApi(ask, 'DETAILED', threeMonths());
  await open(months());
  await generate(page, 'Raport szczegółowy');
  await order(page);
  await dialog(page).getByRole('progressbar').waitFor();
  await page.reload();
  await page.getByRole('button', { name: 'Pliki do pobrania' }).first().click();
  await panel(page).locator('.download').first().waitFor();
  const notices = page.getByRole('region', { name: 'Powiadomienia o plikach' });
  await notices.getByText('Plik jest gotowy').waitFor({ timeout: 60_000 });
  await panel(page).locator('.download').first().getByText('gotowy', { exact: true }).waitFor();
  await page.reload();
  await panel(page).locator('.download').first().waitFor();
  assert.equal(await notices.getByText('Plik jest gotowy').count(), 0, 'it is told once');
  await remove(ask, (await newest(ask)).id);
  await remove(ask, ahead);
}

async function withoutStreams({ ask, open, page, context, expected }) {
  expected.push('Failed to load resource', 'net::ERR');
  let refused = 0;
  await context.route(new URL('/graphql', base).href, (route) => {
    if (!route.request().headers().accept?.includes('text/event-stream')) return route.fallback();
    refused++;
    return route.fulfill({ status: 503, body: '' });
  });
  await open(months());
  await generate(page, 'Raport szczegółowy');
  await order(page);
  await dialog(page).getByText('Plik jest gotowy').waitFor({ timeout: 60_000 });
  assert.ok(refused > 0, 'a stream was tried');
  await remove(ask, (await newest(ask)).id);
}

async function theServerGoesAwayAndComesBack({ ask, become, open, page, context, expected }) {
  await become(['CONTACTS_READ', 'EXPORTS']); // whose list is short
  expected.push('Failed to load resource', 'net::ERR');
  const first = await orderOverApi(ask, 'SIMPLE', { preset: 'YESTERDAY' });
  await finished(ask, first);
  await open('files=open');
  await panel(page).locator('.download').first().waitFor();
  const here = await panel(page).locator('.download').count();
  const away = (route) => route.abort();
  await context.route(`${base.origin}/graphql`, away);
  await context.route(`${base.origin}/readyz`, away);
  await panel(page).locator('.download').first().getByRole('button', { name: 'Pobierz' }).click();
  await panel(page).getByText('Brak połączenia z serwerem. Spróbuj ponownie za chwilę.').waitFor();
  assert.equal(await panel(page).locator('.download').count(), here, 'what was shown stays');
  const second = await orderOverApi(ask, 'SIMPLE', { preset: 'TODAY' });
  await context.unroute(`${base.origin}/graphql`, away);
  await context.unroute(`${base.origin}/readyz`, away);
  await page.waitForFunction((before) => document.querySelectorAll('.download').length === before + 1, here, { timeout: 30_000 });
  await panel(page).locator('.download').first().getByText('gotowy', { exact: true }).waitFor();
  await remove(ask, first);
  await remove(ask, second);
}

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

async function anOrderThatIsRefused({ ask, open, page }) {
  await open('period=YESTERDAY');
  await generate(page, 'Raport prosty');
  await dialog(page).locator('.preview-figure dd').nth(2).waitFor();
  // Two files of the same person are unfinished: a third is too many.
  const ahead = [await orderOverApi(ask, 'DETAILED', threeMonths()), await orderOverApi(ask, 'DETAILED', threeMonths())];
  await order(page);
  const { downloads } = await ask('{ downloads(first: 2) { nodes { state } } }');
  assert.ok(
    downloads.nodes.every(({ state }) => state !== 'READY'),
    'there was time',
  );
  await dialog(page).getByRole('alert').waitFor();
  assert.ok((await dialog(page).getByRole('alert').innerText()).length > 20, 'it says why');
  // When there is room, the same button orders it.
  for (const one of ahead) await finished(ask, one);
  await order(page);
  await dialog(page).getByText('Plik jest gotowy').waitFor();
  await remove(ask, (await newest(ask)).id);
  for (const one of ahead) await remove(ask, one);
}

async function tooManyContactsCannotBeOrdered({ open, page, context }) {
  const message = 'Plik może zawierać najwyżej 1 000 000 kontaktów.';
  await context.route(`${base.origin}/graphql`, (route) => {
    if (!route.request().postData()?.includes('query ExportPreview')) return route.fallback();
    const exportPreview = { __typename: 'ExportPreviewInfo', contacts: 1_000_001, lines: 1_000_001, sheets: 1 };
    const warnings = [{ __typename: 'ExportWarningInfo', code: 'OVER_LIMIT', message }];
    return route.fulfill({ json: { data: { exportPreview: { ...exportPreview, warnings } } } });
  });
  await open('period=YESTERDAY');
  await generate(page, 'Raport prosty');
  await dialog(page).getByText(message).waitFor();
  assert.ok(await dialog(page).getByRole('button', { name: 'Generuj plik' }).isDisabled());
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

/** The longest period that a report may have, to today. */
function threeMonths() {
  const to = new Date();
  const from = new Date(to);
  from.setUTCMonth(from.getUTCMonth() - 3);
  from.setUTCDate(from.getUTCDate() + 2);
  const day = (date) => date.toISOString().slice(0, 10);
  return { range: { from: day(from), to: day(to) } };
}

/** The same in the page's address. */
function months() {
  const { from, to } = threeMonths().range;
  return `from=${from}&to=${to}`;
}

async function orderOverApi(ask, kind, period, filter = {}) {
  const { exportContacts } = await ask(
    'mutation($input: ExportContactsInput!) { exportContacts(input: $input) { download { id } } }',
    {
      input: { kind, filter: { period, ...filter }, clientMutationId: `e2e-${process.pid}-${Math.random()}` },
    },
  );
  return exportContacts.download.id;
}

/** Waits until a file is ready. */
async function finished(ask, id) {
  for (let i = 0; i < 300; i++) {
    const { download } = await ask('query($id: ID!) { download(id: $id) { state } }', { id });
    if (download.state === 'READY') return;
    assert.ok(['QUEUED', 'RUNNING'].includes(download.state), download.state);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.fail('the file did not become ready');
}

async function newest(ask) {
  const { downloads } = await ask(`{ downloads(first: 1) { nodes { ${downloadFields} } } }`);
  return downloads.nodes[0];
}

async function count(ask) {
  const { downloads } = await ask('{ downloads(first: 0) { totalCount } }');
  return downloads.totalCount;
}

async function remove(ask, id) {
  await ask('mutation($id: ID!) { deleteDownload(input: { id: $id }) { deletedDownloadId } }', { id });
}
