// The panel of the details: keyboard, width, language, dark, paper.
import assert from 'node:assert/strict';

import { base } from './base.mjs';
import { panel, recent } from './details-page.mjs';

export default [theKeyboard, theWidthIsRemembered, whatDoesNotExist, inEnglishAndDark, onPaper];

async function theKeyboard({ open, page }) {
  await open('period=LAST_7_DAYS&types=CAMPAIGN_INBOUND_CALL');
  const table = page.getByRole('treegrid', { name: 'Kontakty' });
  await table.getByRole('row').nth(3).waitFor();
  await table.focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await panel(page).locator('.details').waitFor();
  const inside = () => page.evaluate(() => document.activeElement.closest('.side-panel') !== null);
  assert.ok(await inside(), 'the focus goes into the panel');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  assert.ok(await inside(), 'and goes round in it');
  await page.keyboard.press('Escape');
  await panel(page).waitFor({ state: 'detached' });
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute('role')), 'treegrid', 'and back where it came from');
}

async function theWidthIsRemembered({ ask, open, page }) {
  const { contacts } = await ask('query($filter: ContactFilter!) { contacts(filter: $filter, first: 1) { nodes { id } } }', {
    filter: recent,
  });
  const address = `contact=${contacts.nodes[0].id}`;
  await open(address);
  await panel(page).locator('.details').waitFor();
  const grip = panel(page).getByRole('separator', { name: 'Szerokość panelu' });
  const width = () => panel(page).evaluate((element) => Math.round(element.getBoundingClientRect().width));
  const before = await width();
  await grip.focus();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  const after = await width();
  assert.ok(after > before, `${after} > ${before}`);
  const box = await grip.boundingBox();
  await page.mouse.move(box.x + 4, 400);
  await page.mouse.down();
  await page.mouse.move(box.x - 96, 400, { steps: 4 });
  await page.mouse.up();
  assert.ok(Math.abs((await width()) - after - 100) <= 5, `${await width()} is ${after} and a hundred`);
  const dragged = await width();
  await open(address);
  await panel(page).locator('.details').waitFor();
  assert.equal(await width(), dragged);
}

async function whatDoesNotExist({ open, page }) {
  await open(`contact=${Buffer.from('Contact:999999999').toString('base64').replace(/=+$/, '')}`);
  await panel(page).getByText('Nie ma takiego kontaktu').waitFor();
}

async function inEnglishAndDark({ ask, page, context, accessible }) {
  const { contacts } = await ask('query($filter: ContactFilter!) { contacts(filter: $filter, first: 1) { nodes { id } } }', {
    filter: { ...recent, types: ['CHAT'] },
  });
  await context.addInitScript(() => localStorage.setItem('kontakty.language', 'en'));
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.goto(new URL(`/#contact=${contacts.nodes[0].id}`, base).href);
  await page.getByRole('heading', { name: 'Contact details' }).waitFor();
  await page.getByRole('heading', { name: /^Chat/ }).waitFor();
  await accessible('.side-panel');
}

async function onPaper({ ask, open, page }) {
  const { contacts } = await ask('query($filter: ContactFilter!) { contacts(filter: $filter, first: 1) { nodes { id } } }', {
    filter: { ...recent, types: ['CHAT'] },
  });
  await open(`period=LAST_7_DAYS&contact=${contacts.nodes[0].id}`);
  await panel(page).locator('.details').waitFor();
  for (const width of [1440, 760]) {
    await page.setViewportSize({ width, height: 1000 });
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    assert.ok(await panel(page).locator('.chat').isVisible());
    assert.ok(!(await page.getByRole('treegrid').isVisible()), 'the table is left out');
    const box = await panel(page).boundingBox();
    assert.deepEqual([Math.round(box.x), Math.round(box.y)], [0, 0]);
    assert.ok(Math.abs(box.width - width) < 20, `${box.width} is the paper's width`);
    assert.equal(
      await panel(page).evaluate((element) => getComputedStyle(element).backgroundColor),
      'rgb(255, 255, 255)',
      'paper is light',
    );
  }
}
