// Opens GraphiQL in a real Chromium against a running server and uses it as a person would:
//
//   node e2e/page.mjs http://127.0.0.1:8080 [--screenshot FILE.png]
//
// It fails if the page asks anything of another origin, breaks its own Content-Security-Policy, writes an error or a
// warning to the console, or if an opening tab does not run as it is. CHROMIUM names the browser.
import assert from 'node:assert/strict';
import { parseArgs } from 'node:util';

import { chromium } from 'playwright-core';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { screenshot: { type: 'string' } },
});
if (positionals.length !== 1) {
  console.error('usage: node e2e/page.mjs BASE_URL [--screenshot FILE.png]');
  process.exit(2);
}
const base = new URL(positionals[0]);
const tabs = ['ContactsReport', 'OneContact', 'OrderFile', 'Files'];

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
});
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, colorScheme: 'light' });
  page.setDefaultTimeout(30_000);
  const complaints = watch(page);

  await page.goto(new URL('/graphiql', base).href);
  await opens(page);
  const answers = {};
  for (const tab of tabs) {
    await page.getByRole('tab', { name: tab }).click();
    answers[tab] = await runs(page, tab);
  }
  assert.ok(answers.ContactsReport.contacts.nodes.length > 0, 'the report has a page of contacts');
  assert.ok(answers.OneContact.contacts.nodes[0].ivrSteps.length > 0, 'the one contact has a way through the IVR');
  assert.ok(answers.Files.downloads.nodes.length > 0, 'the file just ordered is listed');

  if (values.screenshot) await photographs(page, values.screenshot);
  await explorerEditsTheQuery(page);
  await headersAreSentButNotKept(page);
  await docsAreThere(page);
  await mistakesAreMarked(page);
  assert.deepEqual(complaints, []);
  console.log(`GraphiQL at ${base.origin}: ${tabs.length} tabs answered, explorer, docs and validation work, no complaint.`);
} finally {
  await browser.close();
}

/** Collects, while the page is used, all that must not happen. Nothing leaves for another origin: it is aborted. */
function watch(page) {
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(`exception: ${error}`));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(`console: ${message.text()}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400) complaints.push(`${response.status()}: ${response.url()}`);
  });
  page.context().route(
    (url) => url.origin !== base.origin && !['data:', 'blob:'].includes(url.protocol),
    (route) => {
      complaints.push(`another origin: ${route.request().url()}`);
      return route.abort();
    },
  );
  return complaints;
}

async function opens(page) {
  assert.match(await page.title(), /Kontakty/);
  await page.getByRole('tab').first().waitFor();
  assert.deepEqual(await page.getByRole('tab').allInnerTexts(), tabs);
  // The editor colours what it knows: Monaco and its styles are alive.
  await page.locator('.graphiql-query-editor .mtk1').first().waitFor();
  // Introspection came back: the explorer lists what there is.
  await page.locator('.graphiql-plugin').getByText('contacts', { exact: true }).first().waitFor();
}

/** Runs what the editor holds, the operation of this tab, and returns the answer's data. */
async function runs(page, tab) {
  const [response] = await Promise.all([
    page.waitForResponse((r) => r.request().postDataJSON()?.operationName === tab),
    page.getByRole('button', { name: 'Execute query' }).click(),
  ]);
  const answer = await response.json();
  assert.equal(answer.errors, undefined, `${tab}: ${JSON.stringify(answer.errors)}`);
  await page.locator('.graphiql-response .view-line', { hasText: '"data"' }).first().waitFor();
  // Validation runs in a worker, against the schema that introspection gave.
  assert.equal(await page.locator('.graphiql-query-editor .squiggly-error').count(), 0, `${tab}: marked as faulty`);
  assert.ok(page.workers().length > 0, 'the language worker runs');
  return answer.data;
}

/** Shows the contact with its way through the IVR, as somebody sees it who touches nothing. */
async function photographs(page, file) {
  await page.getByRole('tab', { name: 'OneContact' }).click();
  await page.locator('.graphiql-response .view-line', { hasText: '"ivrSteps"' }).waitFor();
  await page.locator('.graphiql-plugin').getByText('CAMPAIGN_INBOUND_CALL').first().waitFor({ state: 'attached' });
  await page.mouse.move(240, 890);
  await page.evaluate(() => document.activeElement.blur());
  await page.waitForFunction(() =>
    [...document.querySelectorAll('.monaco-editor .scrollbar')].every((bar) => getComputedStyle(bar).opacity === '0'),
  );
  await page.screenshot({ path: file });
}

async function explorerEditsTheQuery(page) {
  await page.getByRole('tab', { name: tabs[0] }).click();
  await page.locator('.graphiql-plugin').getByText('totalCount', { exact: true }).click();
  // The explorer prints the query anew, which drops the comment it opens with.
  await page.locator('.graphiql-query-editor .view-lines').filter({ hasNotText: '#' }).waitFor();
  const edited = await runs(page, tabs[0]);
  assert.equal(edited.contacts.totalCount, undefined, 'what the explorer unticked is not asked for');
  assert.ok(edited.contacts.nodes.length > 0, 'the rest is');
}

async function headersAreSentButNotKept(page) {
  await page.getByRole('button', { name: 'Headers' }).click();
  await page.locator('.graphiql-editor-tool .monaco-editor:visible').click();
  await page.keyboard.type('{"x-secret": "do-not-keep"');
  // Another name makes it another query for the history; when the tab shows it, the tab has the headers too.
  await page.locator('.graphiql-operation-title-bar input').first().fill('WithHeaders');
  await page.getByRole('tab', { name: 'WithHeaders' }).waitFor();
  const sent = page.waitForRequest((request) => request.headers()['x-secret'] === 'do-not-keep');
  await runs(page, 'WithHeaders');
  await sent;
  const kept = await page.evaluate(() => JSON.stringify({ ...localStorage }));
  assert.ok(JSON.parse(kept)['graphiql:queries'].includes('WithHeaders'), 'the history keeps the query');
  assert.ok(!kept.includes('do-not-keep'), 'the browser keeps no request header');
}

async function docsAreThere(page) {
  await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
  await page.locator('.graphiql-doc-explorer-content').getByRole('link', { name: 'Query', exact: true }).click();
  await page.locator('.graphiql-doc-explorer-content').getByText('contacts', { exact: true }).first().waitFor();
}

async function mistakesAreMarked(page) {
  await page.locator('.graphiql-query-editor .view-lines').click();
  await page.keyboard.press('Control+End');
  await page.keyboard.type('\nnonsense');
  await page.locator('.graphiql-query-editor .squiggly-error').first().waitFor();
}
