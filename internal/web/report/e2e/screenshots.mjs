// Takes the pictures of the report that the README shows, from a running demo:
//
//   node e2e/screenshots.mjs http://127.0.0.1:8080 DIRECTORY
import { join } from 'node:path';

import { chromium } from 'playwright-core';

const [base, directory] = process.argv.slice(2);
if (!base || !directory) {
  console.error('usage: node e2e/screenshots.mjs BASE_URL DIRECTORY');
  process.exit(2);
}
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
  await take(
    'report.png',
    'light',
    'period=LAST_30_DAYS&statuses=ANSWERED,NO_ANSWER,BUSY&hours=08:00-18:00&order=TALK_TIME.DESC' +
      '&columns=externalId,startedAt,campaign,agent,sourceAddress,talkTime,status,classifier,details',
    async (page) => {
      await page.locator('.plus').nth(2).click();
      await page.locator('.row-way').getByText('Razem').waitFor();
    },
  );
  await take(
    'report-details.png',
    'dark',
    'period=LAST_30_DAYS&types=OUTBOUND_EMAIL,INBOUND_EMAIL,CHAT&statuses=ANSWERED' +
      '&columns=startedAt,agent,type,status,details,classifier,campaign',
    async (page) => {
      await page.getByRole('button', { name: 'Ukryj filtry' }).click();
      await page.getByRole('button', { name: 'Otwórz szczegóły: e-mail' }).nth(2).click();
      await page.locator('.side-panel').getByText('Kto i z kim').waitFor();
    },
  );
  await take(
    'report-player.png',
    'light',
    'period=LAST_30_DAYS&types=CAMPAIGN_INBOUND_CALL&statuses=ANSWERED&hours=08:00-18:00' +
      '&columns=startedAt,agent,talkTime,details,classifier,campaign',
    async (page) => {
      await page.getByRole('button', { name: 'Ukryj filtry' }).click();
      await page.locator('.row-play').nth(2).click();
      await page.locator('.player-bar').getByRole('button', { name: 'Otwórz szczegóły' }).click();
      const place = page.locator('.side-panel .wave-place');
      await place.waitFor();
      await page.waitForTimeout(2500);
      await place.click({ position: { x: 190, y: 40 } });
      await page.waitForTimeout(1500);
    },
  );
} finally {
  await browser.close();
}

async function take(name, colorScheme, fragment, prepare) {
  const page = await browser.newPage({
    viewport: { width: 1440, height: 900 },
    colorScheme,
    locale: 'pl-PL',
    reducedMotion: 'reduce',
  });
  await page.goto(new URL(`/#${fragment}`, base).href);
  await page.locator('#table').waitFor();
  await page.waitForFunction(() => /\d/.test(document.querySelector('.toolbar-total')?.textContent ?? ''));
  await prepare(page);
  await page.evaluate(() => document.activeElement?.blur());
  await page.mouse.move(720, 895);
  await page.waitForTimeout(500);
  await page.screenshot({ path: join(directory, name) });
  await page.close();
}
