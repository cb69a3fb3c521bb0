// The rows: scrolled, walked by keyboard, text whatever is written in them, hidden where they must be.
import assert from 'node:assert/strict';

import { counted, digits, grid, month, total, totalOf } from './report-page.mjs';

export default [
  theThousandthRow,
  theKeyboardAlone,
  textsAreText,
  whatNeverEndedAndWhatIsOfNoKnownTypeSaySo,
  agentsOfOneNameAndSeveralRecipientsAreToldApart,
  whatOneMayNotSeeIsHiddenWithTheReason,
  whoScrollsTooFastWaits,
];

async function theThousandthRow({ page, open, ask }) {
  await open('period=LAST_30_DAYS&columns=externalId,startedAt');
  await grid(page).waitFor();
  let after = null;
  let rows = [];
  for (let i = 0; i < 5; i++) {
    const { contacts } = await ask(
      'query($filter: ContactFilter!, $after: String) { contacts(filter: $filter, first: 200, after: $after) { nodes { externalId } pageInfo { endCursor } } }',
      { filter: month, after },
    );
    rows = contacts.nodes;
    after = contacts.pageInfo.endCursor;
  }
  const place = page.locator('.table-place[data-index="999"]');
  for (let i = 0; i < 200 && (await place.count()) === 0; i++) {
    await grid(page).evaluate((element) => element.scrollBy(0, 1600));
    await page.waitForTimeout(50);
  }
  await page.getByText(rows[199].externalId, { exact: true }).waitFor();
  assert.equal(await place.locator('[aria-colindex="2"]').innerText(), rows[199].externalId);
  assert.ok((await page.locator('.table-place').count()) < 100, 'only the rows on the screen are in the document');
  await grid(page).evaluate((element) => element.scrollTo(0, 0));
  await page.locator('.table-place[data-index="0"]').waitFor();
}

async function theKeyboardAlone({ page, open }) {
  await open('');
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.className), 'skip');
  // To the presets, one of which is chosen by the arrows, and on to “Pokaż”.
  for (let i = 0; i < 12 && !(await page.evaluate(() => document.activeElement.type === 'radio')); i++)
    await page.keyboard.press('Tab');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await grid(page).waitFor();
  for (let i = 0; i < 60 && !(await page.evaluate(() => document.activeElement.id === 'table')); i++) {
    await page.keyboard.press('Tab');
  }
  const active = () =>
    page.evaluate(() =>
      document.getElementById(document.activeElement.getAttribute('aria-activedescendant'))?.getAttribute('aria-rowindex'),
    );
  assert.equal(await active(), '2');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  assert.equal(await active(), '4');
  await open('period=LAST_30_DAYS&types=CAMPAIGN_INBOUND_CALL');
  await grid(page).focus();
  await page.keyboard.press('ArrowRight');
  await page.locator('.row-way').waitFor();
  await page.keyboard.press('ArrowLeft');
  await page.locator('.row-way').waitFor({ state: 'detached' });
  await page.keyboard.press('Enter');
  await page.locator('.side-panel').waitFor();
  await page.keyboard.press('Escape');
  await page.locator('.side-panel').waitFor({ state: 'detached' });
  assert.equal(await page.evaluate(() => document.activeElement.id), 'table', 'the focus is back');
}

async function textsAreText({ page, open, ask, expected }) {
  expected.push('TrustedHTML', 'trusted-types'); // what the refusal at the end is reported as
  const hostile = '<img src=x onerror="globalThis.hacked=1">=HYPERLINK("x") \u202Eodwrócone ' + 'ż'.repeat(120);
  const externalId = `hostile-${Date.now()}`;
  await ask('mutation($input: RecordContactsInput!) { recordContacts(input: $input) { recorded } }', {
    input: {
      contacts: [
        {
          externalId,
          type: 'OUTBOUND_SMS',
          status: 'PENDING',
          startedAt: new Date().toISOString(),
          ticketId: externalId,
          campaign: { externalId: 'hostile', name: hostile },
          record: { externalId: `r-${externalId}`, significantField: { name: 'Firma', value: hostile } },
        },
      ],
    },
  });
  await open(`period=LAST_30_DAYS&ticket=${externalId}&columns=externalId,campaign,significantField,status`);
  const row = page.getByRole('row').filter({ hasText: externalId });
  await row.waitFor();
  assert.equal(await row.locator('[aria-colindex="3"] .cell-text').textContent(), hostile);
  assert.equal(await page.evaluate(() => globalThis.hacked), undefined);
  assert.equal(await row.locator('img').count(), 0);
  const refused = await page.evaluate(() => {
    try {
      document.createElement('div').innerHTML = '<b>markup</b>';
      return false;
    } catch {
      return true;
    }
  });
  assert.ok(refused, 'the browser refuses text as markup');
  // It waits to be sent: it is marked, in words too.
  await row.getByText('PENDING').waitFor();
  await row.getByText('Czeka na wysłanie – zmieni się później').waitFor({ state: 'attached' });
}

async function whatNeverEndedAndWhatIsOfNoKnownTypeSaySo({ page, open, ask }) {
  const mark = `unfinished-${Date.now()}`;
  const contact = (key, hoursAgo, facts) => ({
    externalId: `${mark}-${key}`,
    startedAt: new Date(Date.now() - hoursAgo * 3_600_000).toISOString(),
    ticketId: mark,
    ...facts,
  });
  await ask('mutation($input: RecordContactsInput!) { recordContacts(input: $input) { recorded } }', {
    input: {
      contacts: [
        contact('never', 13, { type: 'INBOUND_CALL', status: 'RINGING' }),
        contact('yet', 11, { type: 'INBOUND_CALL', status: 'RINGING' }),
        contact('fax', 1, { type: 'OTHER', channel: 'FAX', status: 'ANSWERED' }),
        contact('other', 1, { type: 'OTHER', status: 'ANSWERED' }),
      ],
    },
  });
  const row = (key) => page.getByRole('row').filter({ hasText: `${mark}-${key}` });
  await open(`period=LAST_7_DAYS&ticket=${mark}&columns=externalId,type,status`);
  await row('never').getByText('niezakończony').waitFor();
  assert.equal(await row('never').getByText('RINGING').count(), 0);
  assert.equal(
    await page
      .locator('.row-live')
      .filter({ hasText: `${mark}-never` })
      .count(),
    0,
    'it is not going on',
  );
  await row('yet').getByText('RINGING').waitFor();
  assert.equal(await row('fax').locator('[aria-colindex="3"]').innerText(), 'inny kontakt (FAX)');
  assert.equal(await row('other').locator('[aria-colindex="3"]').innerText(), 'inny kontakt');

  await row('never').click();
  await page.locator('#table').focus();
  await page.keyboard.press('Enter');
  const details = page.locator('.details');
  await details.locator('.details-summary').getByText('niezakończony', { exact: true }).waitFor();
  await details.getByText('Trwa od ponad 12 godzin, a źródło nie podało końca.').waitFor();

  await page.locator('.filters label').filter({ hasText: 'Niezakończone' }).click();
  await page.getByRole('button', { name: 'Pokaż', exact: true }).click();
  await row('yet').waitFor({ state: 'detached' });
  await row('never').waitFor();
  assert.ok(page.url().includes('unfinished=true'));
  await page.locator('.set-chips .chip', { hasText: 'Niezakończone' }).getByRole('button').click();
  await row('yet').waitFor();

  await page
    .locator('.filters')
    .getByRole('button', { name: /^Typ\b/ })
    .click();
  await page.getByRole('searchbox').fill('inny');
  await page.getByRole('option', { name: 'inny kontakt', exact: true }).waitFor();
}

async function agentsOfOneNameAndSeveralRecipientsAreToldApart({ page, open, ask }) {
  const mark = `apart-${Date.now()}`;
  const name = `Anna Jednakowa ${mark}`;
  const mail = (key, toAddresses) => ({
    externalId: `${mark}-${key}`,
    type: 'OUTBOUND_EMAIL',
    status: 'ANSWERED',
    startedAt: new Date().toISOString(),
    ticketId: mark,
    agent: { externalId: `${mark}/${key}`, name },
    toAddresses,
  });
  await ask('mutation($input: RecordContactsInput!) { recordContacts(input: $input) { recorded } }', {
    input: {
      contacts: [
        mail('a', ['jan@example.com', 'Ewa Lis <ewa@example.com>', 'biuro@example.com']),
        mail('b', ['jan@example.com']),
      ],
    },
  });
  await open(`period=LAST_30_DAYS&ticket=${mark}&columns=externalId,agent,destinationAddress`);
  const cell = (key, column) =>
    page
      .getByRole('row')
      .filter({ hasText: `${mark}-${key}` })
      .locator(`[aria-colindex="${column}"]`);
  await cell('a', 3).getByText(`${name} (${mark}/a)`).waitFor();
  await cell('b', 3).getByText(`${name} (${mark}/b)`).waitFor();
  assert.match(await cell('a', 4).innerText(), /^jan@example\.com\s*i 2 inne$/);
  assert.equal(
    await cell('a', 4).locator('.cell-several').getAttribute('title'),
    'jan@example.com, Ewa Lis <ewa@example.com>, biuro@example.com',
  );
  assert.equal(await cell('b', 4).innerText(), 'jan@example.com');

  await page
    .locator('.filters')
    .getByRole('button', { name: /^Użytkownicy\b/ })
    .click();
  await page.getByRole('searchbox').fill(name);
  await page.getByRole('option', { name: `${name} (${mark}/b)`, exact: true }).click();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: `Usuń: ${name} (${mark}/b)` }).waitFor();
  await page.getByRole('button', { name: 'Pokaż', exact: true }).click();
  await cell('a', 3).waitFor({ state: 'detached' });
  await page.locator('.set-chips .chip', { hasText: `${mark}/b` }).waitFor();

  // Every recipient is found by “Klient”, whatever the spelling.
  await open(
    `period=LAST_30_DAYS&ticket=${mark}&client=${encodeURIComponent('EWA@example.com')}&columns=externalId,destinationAddress`,
  );
  await page
    .getByRole('row')
    .filter({ hasText: `${mark}-a` })
    .waitFor();
  assert.equal(
    await page
      .getByRole('row')
      .filter({ hasText: `${mark}-b` })
      .count(),
    0,
  );
}

async function whatOneMayNotSeeIsHiddenWithTheReason({ page, open, become, ask }) {
  await become(['CONTACTS_READ']);
  await open('period=LAST_30_DAYS&types=OUTBOUND_EMAIL&columns=sourceAddress,bccAddresses,details');
  await grid(page).waitFor();
  const first = page.locator('.table-place[data-index="0"]');
  await first.waitFor();
  assert.match(await first.locator('[aria-colindex="2"]').innerText(), /\*\*\*/);
  const hidden = page.locator('.cell-hidden');
  assert.match((await hidden.first().getAttribute('title')) ?? '', /CONTACTS_/);
  await page.locator('[title*="CONTACTS_BCC"]').first().waitFor();
  assert.equal(await page.getByRole('button', { name: 'Generuj' }).count(), 0, 'no file without the right');
  assert.ok(await page.getByRole('textbox', { name: 'Numer źródłowy' }).isDisabled(), 'no looking up by what is masked');
  await counted(page);
  assert.equal(digits(await total(page).innerText()), await totalOf(ask, { ...month, types: ['OUTBOUND_EMAIL'] }));
}

async function whoScrollsTooFastWaits({ page, open, context, expected }) {
  expected.push('429');
  let refused = 0;
  await context.route('**/graphql', (route) => {
    if (!route.request().postData()?.includes('"after":"') || refused > 0) return route.continue();
    refused += 1;
    return route.fulfill({
      status: 429,
      headers: { 'retry-after': '1' },
      contentType: 'application/graphql-response+json',
      body: JSON.stringify({ errors: [{ message: 'Zbyt wiele zapytań.', extensions: { code: 'RATE_LIMITED' } }] }),
    });
  });
  await open('period=LAST_30_DAYS&columns=externalId');
  await grid(page).waitFor();
  await grid(page).evaluate((element) => element.scrollTo(0, element.scrollHeight));
  await page.waitForFunction(() => Number(document.querySelector('.table-body')?.clientHeight) > 150 * 32);
  assert.equal(refused, 1);
}
