// Following a file: notices, reloads, and servers that go away.
import assert from 'node:assert/strict';

import { base } from './base.mjs';
import {
  dialog,
  fetched,
  finished,
  generate,
  months,
  newest,
  order,
  orderOverApi,
  panel,
  remove,
  threeMonths,
} from './files-page.mjs';

export default [aNoticeWhereverOneIs, aReloadLosesNothing, withoutStreams, theServerGoesAwayAndComesBack];

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
