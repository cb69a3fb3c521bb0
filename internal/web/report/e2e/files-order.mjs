// Ordering a file: what it would hold, what it holds, and what is refused.
import assert from 'node:assert/strict';

import { base } from './base.mjs';
import {
  count,
  dialog,
  fetched,
  finished,
  generate,
  months,
  newest,
  order,
  orderOverApi,
  remove,
  threeMonths,
} from './files-page.mjs';
import { sheetsOf } from './files-reader.mjs';

export default [
  theSimpleReport,
  theDetailedReport,
  twoClicksMakeOneFile,
  progressIsShownAndTheFileCalledOff,
  anOrderThatIsRefused,
  tooManyContactsCannotBeOrdered,
];

async function theSimpleReport(visitor) {
  await theReport(visitor, { kind: 'Raport prosty', value: 'SIMPLE' });
}

async function theDetailedReport(visitor) {
  await theReport(visitor, { kind: 'Raport szczegółowy', value: 'DETAILED' });
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
