// The page as a whole: what it loads, how it fits, what axe says.
import assert from 'node:assert/strict';

import { grid, show, shown } from './report-page.mjs';

export default [theFirstLoadIsSmallAndFast, theWindowIsEmptyUntilAsked, everyWidthFits, nothingSeriousForAxe];

async function theFirstLoadIsSmallAndFast({ page, open }) {
  let script = 0;
  page.on('response', async (response) => {
    if (response.url().endsWith('.js')) script += Number((await response.headerValue('content-length')) ?? 0);
  });
  await open('');
  await show(page).waitFor();
  assert.ok(script > 0 && script < 300_000, `the first load has ${script} bytes of compressed script`);
}

async function theWindowIsEmptyUntilAsked({ page, open }) {
  const asked = [];
  page.on('request', (request) => request.postData()?.includes('contacts(') && asked.push(request.postData()));
  await open('');
  await page.getByText('Wybierz filtry i kliknij „Pokaż”').waitFor();
  await page.getByText('Wczoraj').click();
  assert.equal(await grid(page).count(), 0);
  assert.deepEqual(asked, [], 'no contact is asked for before “Pokaż”');
  await shown(page);
  assert.match(page.url(), /#period=YESTERDAY/);
}

async function everyWidthFits({ page, open }) {
  for (const [width, height] of [
    [1280, 720],
    [1920, 1080],
    [2560, 1440],
    [1024, 768],
    [820, 1180],
  ]) {
    await page.setViewportSize({ width, height });
    await open('period=LAST_30_DAYS');
    await grid(page).waitFor();
    const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(over <= 0, `at ${width} the page is ${over}px too wide`);
    assert.ok((await grid(page).boundingBox()).height > height / 2, `at ${width} the table has room`);
  }
}

async function nothingSeriousForAxe({ page, open, accessible }) {
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme });
    await open('');
    await accessible('body');
    await page.getByRole('textbox', { name: 'Numer źródłowy' }).fill('nie numer');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: /^Użytkownicy\b/ }).click();
    await page.locator('.picker-item').first().waitFor();
    await accessible('body');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Od: Kalendarz' }).click();
    await page.locator('.calendar').waitFor();
    await accessible('body');
    await page.keyboard.press('Escape');
    await open(
      'period=LAST_30_DAYS&statuses=ANSWERED,BUSY,RINGING&types=CAMPAIGN_INBOUND_CALL,OUTBOUND_CALL&order=TALK_TIME.DESC',
    );
    await grid(page).waitFor();
    await page.locator('.plus').first().click();
    await accessible('body');
    await page.getByRole('button', { name: 'Kolumny' }).click();
    await page.locator('.columns-list').waitFor();
    await accessible('body');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: /^Konto/ }).click();
    await page.getByRole('menu').waitFor();
    await accessible('body');
    await page.keyboard.press('Escape');
  }
  await page.getByRole('button', { name: /^Konto/ }).click();
  await page.getByText('Wyloguj').click();
  await page.getByText('Wylogowano.').waitFor();
  await accessible('body');
}
