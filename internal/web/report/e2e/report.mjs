// Uses the report as a manager would, in a real Chromium against a running demo:
//
//   node e2e/report.mjs http://127.0.0.1:8080
//
// PART names a part to run alone.
//
// What the page shows is compared with what the API says to the same question.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';

import { baseOf, visit } from './details-visit.mjs';

const base = baseOf('report.mjs');
const month = { period: { preset: 'LAST_30_DAYS' } };

await visit(
  base,
  [
    theFirstLoadIsSmallAndFast,
    theWindowIsEmptyUntilAsked,
    everyFilterChangesWhatTheApiSays,
    longListsAreSearched,
    ownDaysByKeyboardAndCalendar,
    wrongValuesAreSaidBesideTheField,
    theAddressIsTheReport,
    exactlyTheColumnsShownAreAskedFor,
    columnsAreMovedResizedAndRemembered,
    sortingIsTheApis,
    theThousandthRow,
    theKeyboardAlone,
    theQueryOpensInGraphiQL,
    textsAreText,
    whatOneMayNotSeeIsHiddenWithTheReason,
    signingOutAndIn,
    signingInWithTheProvider,
    anExpiredSessionLosesNothing,
    theServerGoesAwayAndComesBack,
    whoScrollsTooFastWaits,
    everyWidthFits,
    nothingSeriousForAxe,
  ].filter((part) => part.name.includes(process.env.PART ?? '')),
);
console.log(`Report at ${base.origin}: filters, table, address and session work, nothing serious for axe.`);

// What a manager sees and touches.

function grid(page) {
  return page.locator('#table');
}

function show(page) {
  return page.getByRole('button', { name: 'Pokaż', exact: true });
}

function total(page) {
  return page.locator('.toolbar-total');
}

function digits(text) {
  return Number(text.replace(/\D/g, ''));
}

/** Presses “Pokaż” and returns what it finds. */
async function shown(page) {
  const counted = page.waitForResponse((answer) => answer.request().postData()?.includes('ContactsTotal'));
  await show(page).click();
  await counted;
  await page.waitForFunction(() => /\d/.test(document.querySelector('.toolbar-total')?.textContent ?? ''));
  return digits(await total(page).innerText());
}

async function totalOf(ask, filter) {
  const { contacts } = await ask('query($filter: ContactFilter!) { contacts(filter: $filter, first: 0) { totalCount } }', {
    filter,
  });
  return contacts.totalCount;
}

/** Chooses the first of a list, by its label, and returns its name. */
async function choose(page, label, count = 1) {
  await page
    .locator('.filters')
    .getByRole('button', { name: new RegExp(`^${label}\\b`) })
    .click();
  const options = page.locator('.picker-item');
  await options.first().waitFor();
  const names = (await options.locator('.picker-item-name').allInnerTexts()).slice(0, count);
  for (const name of names) await page.getByRole('option', { name, exact: true }).first().click();
  await page.keyboard.press('Escape');
  await page.getByRole('listbox').waitFor({ state: 'detached' });
  return names;
}

async function clear(page) {
  const button = page.getByRole('button', { name: 'Wyczyść' });
  if (await button.isEnabled()) await button.click();
  await page.getByText('Ostatnie 30 dni').click();
}

// The parts.

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

async function everyFilterChangesWhatTheApiSays({ page, open, ask }) {
  await open('');
  await clear(page);
  const all = await shown(page);
  assert.equal(all, await totalOf(ask, month));

  const idOf = async (list, name) => {
    const found = await ask(`query($search: String) { ${list}(search: $search, first: 200) { nodes { id name } } }`, {
      search: name,
    });
    return found[list].nodes.find((node) => node.name === name).id;
  };
  const lists = [
    ['Użytkownicy', 'agents', 'agentIds'],
    ['Grupy użytkowników', 'agentGroups', 'agentGroupIds'],
    ['Kampanie', 'campaigns', 'campaignIds'],
    ['SiteCall', 'siteCalls', 'siteCallIds'],
    ['Kolejka', 'queues', 'queueIds'],
    ['Klasyfikator', 'classifiers', 'classifierIds'],
  ];
  for (const [label, list, criterion] of lists) {
    await clear(page);
    const names = await choose(page, label, 2);
    const ids = await Promise.all(names.map((name) => idOf(list, name)));
    const found = await shown(page);
    assert.equal(found, await totalOf(ask, { ...month, [criterion]: ids }), label);
    assert.ok(found < all, `${label} narrows`);
    assert.equal(await page.locator('.set-chips .chip').count(), 2, `${label} has chips`);
  }

  const { contacts } = await ask(
    'query($filter: ContactFilter!) { contacts(filter: $filter, first: 200) { nodes { sourceAddress destinationAddress ticketId } } }',
    { filter: month },
  );
  const source = contacts.nodes.find(({ sourceAddress }) => /^\+48\d{9}$/.test(sourceAddress ?? '')).sourceAddress;
  const destination = contacts.nodes.find(({ destinationAddress }) => destinationAddress?.includes('@')).destinationAddress;
  const ticket = contacts.nodes.find(({ ticketId }) => ticketId).ticketId;
  const typed = [
    // In another spelling than the platform's.
    ['Numer źródłowy', source.replace(/^\+48(\d{3})(\d{3})(\d{3})$/, '0048 $1-$2-$3'), { sourceAddresses: [source] }],
    ['Numer docelowy', destination.toUpperCase(), { destinationAddresses: [destination] }],
    ['ID zgłoszenia', ticket, { ticketIds: [ticket] }],
  ];
  for (const [label, text, filter] of typed) {
    await clear(page);
    await page.getByRole('textbox', { name: label }).fill(text);
    await page.keyboard.press('Enter');
    const found = await shown(page);
    assert.equal(found, await totalOf(ask, { ...month, ...filter }), label);
    assert.ok(found > 0 && found < all, `${label} narrows to ${found}`);
  }

  const statuses = {
    Odebrane: 'ANSWERED',
    Nieodebrane: 'NO_ANSWER',
    Błędne: 'FAILED',
    Zajęte: 'BUSY',
    'W toku': 'RINGING',
    'Oczekujące na wysłanie': 'PENDING',
    'Klasyfikator bez połączenia': 'CLASSIFIER',
  };
  for (const [label, status] of Object.entries(statuses)) {
    await clear(page);
    await page.locator('.statuses').getByText(label, { exact: true }).click();
    assert.equal(await shown(page), await totalOf(ask, { ...month, statuses: [status] }), label);
  }

  await clear(page);
  await page
    .locator('.filters')
    .getByRole('button', { name: /^Typ\b/ })
    .click();
  await page.getByRole('searchbox').fill('sms');
  await page.getByText('Zaznacz wszystkie znalezione (2)').click();
  await page.keyboard.press('Escape');
  assert.equal(await shown(page), await totalOf(ask, { ...month, types: ['OUTBOUND_SMS', 'INBOUND_SMS'] }), 'Typ');

  await clear(page);
  await page.getByRole('button', { name: /^Kampanie\b/ }).click();
  await page.getByText('Poza kampaniami').click();
  await page.keyboard.press('Escape');
  assert.equal(await shown(page), await totalOf(ask, { ...month, outsideCampaign: true }), 'Poza kampaniami');

  await clear(page);
  await page.getByRole('group', { name: 'Godzina od' }).getByRole('spinbutton').first().focus();
  await page.keyboard.type('2200');
  await page.getByRole('group', { name: 'Godzina do' }).getByRole('spinbutton').first().focus();
  await page.keyboard.type('0600');
  await page.getByText('Przedział przechodzi przez północ.').waitFor();
  assert.equal(await shown(page), await totalOf(ask, { ...month, hours: { from: '22:00', to: '06:00' } }), 'hours');

  const presets = {
    Dzisiaj: 'TODAY',
    Wczoraj: 'YESTERDAY',
    'Ten tydzień': 'CURRENT_WEEK',
    'Poprzedni tydzień': 'PREVIOUS_WEEK',
    'Ten miesiąc': 'CURRENT_MONTH',
    'Poprzedni miesiąc': 'PREVIOUS_MONTH',
    'Ostatnie 7 dni': 'LAST_7_DAYS',
  };
  for (const [label, preset] of Object.entries(presets)) {
    await clear(page);
    await page.locator('.presets').getByText(label, { exact: true }).click();
    assert.equal(await shown(page), await totalOf(ask, { period: { preset } }), label);
  }
}

async function longListsAreSearched({ page, open, ask }) {
  await open('');
  await page.getByRole('button', { name: /^Użytkownicy\b/ }).click();
  const options = page.locator('.picker-item');
  await options.first().waitFor();
  const active = await options.count();
  assert.equal(await page.locator('.picker-item-deleted').count(), 0, 'deleted users stay away');
  await page.getByText('Pokaż usuniętych użytkowników').click();
  await page.locator('.picker-item-deleted').first().waitFor();
  assert.ok((await options.count()) > active);
  const greyed = await options.evaluateAll((all) => all.map((one) => one.className.includes('picker-item-deleted')));
  assert.deepEqual(
    greyed,
    [...greyed].sort((a, b) => a - b),
    'deleted users come last',
  );

  await page.getByRole('searchbox').fill('KOWALSKI');
  await page.waitForFunction(() => {
    const names = [...document.querySelectorAll('.picker-item-name')].map((one) => one.textContent);
    return names.length > 0 && names.every((name) => /kowalski/i.test(name));
  });
  const found = await options.count();
  await page.getByText(/Zaznacz (wszystkie znalezione|znaleziony)/).click();
  await page.keyboard.press('Escape');
  await page.getByText(`Wybrano: ${found}`).waitFor();
  const agents = await ask('{ agents(includeDeleted: true, search: "kowalski", first: 200) { nodes { id } } }');
  await page.getByText('Ostatnie 30 dni').click();
  assert.equal(await shown(page), await totalOf(ask, { ...month, agentIds: agents.agents.nodes.map(({ id }) => id) }));
}

async function ownDaysByKeyboardAndCalendar({ page, open, ask }) {
  await open('');
  await clear(page);
  const day = new Date(Date.now() - 20 * 86_400_000).toISOString().slice(0, 10);
  const [year, month, date] = day.split('-');
  await page.getByRole('group', { name: 'Od', exact: true }).getByRole('spinbutton').first().focus();
  await page.keyboard.type(`${date}${month}${year}`);
  await show(page).click();
  await page.getByText('Podaj datę.').waitFor();
  await page.getByRole('button', { name: 'Od: Kalendarz' }).click();
  await page
    .getByRole('grid')
    .getByRole('button', { name: new RegExp(`, ${Number(date)} `) })
    .first()
    .waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('group', { name: 'Do', exact: true }).getByRole('spinbutton').first().focus();
  await page.keyboard.type(`${date}${month}${year}`);
  assert.equal(await shown(page), await totalOf(ask, { period: { range: { from: day, to: day } } }));
  assert.ok(page.url().includes(`from=${day}&to=${day}`));
}

async function wrongValuesAreSaidBesideTheField({ page, open, expected }) {
  await open('');
  await page.getByRole('textbox', { name: 'Numer źródłowy' }).fill('nie numer');
  await page.keyboard.press('Enter');
  await page.getByText('„nie numer” nie jest numerem telefonu ani adresem e-mail.').waitFor();
  await show(page).click();
  await page.getByText('Popraw 1 pole.').waitFor();
  assert.equal(new URL(page.url()).hash, '', 'nothing was asked for');
  await page.getByRole('button', { name: 'Usuń: nie numer' }).first().click();
  assert.equal(await page.getByText('nie jest numerem telefonu').count(), 0);

  // An hour that was begun and not finished is not taken for none.
  await page.getByRole('group', { name: 'Godzina od' }).getByRole('spinbutton').first().focus();
  await page.keyboard.type('17');
  await show(page).click();
  await page.getByText('Dokończ rozpoczętą datę lub godzinę.').waitFor();
  assert.equal(new URL(page.url()).hash, '', 'nothing was asked for');
  await page.keyboard.type('30');
  assert.ok((await shown(page)) >= 0);
  assert.ok(page.url().includes('hours=17:30-'));

  // What only the server knows: an id that is none, in a link made by hand.
  expected.push('400', '422');
  await open('period=TODAY&queues=nonsense');
  await page.getByText('Filtr wymaga poprawki').waitFor();
  const said = page.locator('.picker', { hasText: 'Kolejka' }).locator('.field-error');
  assert.ok((await said.innerText()).length > 10, 'the sentence of the API stands beside the field');

  await open('from=2026-01-01&to=2026-04-01');
  await page
    .getByText(/najwyżej 3 miesiące/)
    .first()
    .waitFor();
}

async function theAddressIsTheReport({ page, open, context, ask }) {
  await open('period=LAST_30_DAYS&statuses=BUSY&types=OUTBOUND_CALL&columns=externalId,status,type&order=RING_TIME.ASC');
  await grid(page).waitFor();
  const filter = { ...month, statuses: ['BUSY'], types: ['OUTBOUND_CALL'] };
  assert.equal(
    digits(await total(page).innerText()) || digits(await (await counted(page)).innerText()),
    await totalOf(ask, filter),
  );
  assert.deepEqual(await page.getByRole('columnheader').locator('.head-button').allInnerTexts(), [
    'ID połączenia',
    'Status',
    'Typ',
  ]);
  const address = page.url();

  await page.getByRole('button', { name: 'Usuń: Zajęte' }).last().click();
  await page.waitForURL((url) => !url.hash.includes('statuses'));
  await counted(page);
  assert.equal(digits(await total(page).innerText()), await totalOf(ask, { ...month, types: ['OUTBOUND_CALL'] }));
  await page.goBack();
  await page.waitForURL(address);
  await counted(page);
  assert.equal(digits(await total(page).innerText()), await totalOf(ask, filter));
  assert.ok(await page.locator('.statuses').getByRole('checkbox', { name: 'Zajęte' }).isChecked(), 'the panel went back too');
  await page.goForward();
  await page.waitForURL((url) => !url.hash.includes('statuses'));

  const colleague = await context.newPage();
  await colleague.goto(address);
  await grid(colleague).waitFor();
  await counted(colleague);
  assert.equal(digits(await total(colleague).innerText()), await totalOf(ask, filter));
  await colleague.close();
}

async function counted(page) {
  await page.waitForFunction(() => /\d/.test(document.querySelector('.toolbar-total')?.textContent ?? ''));
  return total(page);
}

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
    'id type ivrTime status agent { name deletedAt } talkTime',
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

async function theQueryOpensInGraphiQL({ page, open, context, expected }) {
  expected.push('arg mismatch between arg and selection'); // what its explorer says of every list
  await open('period=LAST_30_DAYS&statuses=BUSY&hours=08:00-16:00&columns=externalId,details&order=TALK_TIME.ASC');
  await grid(page).waitFor();
  const [other] = await Promise.all([
    context.waitForEvent('page'),
    page.getByRole('button', { name: 'Otwórz zapytanie w GraphiQL' }).click(),
  ]);
  await other.getByRole('tab', { name: 'ContactsPage' }).waitFor();
  await other.locator('.graphiql-query-editor .mtk1').first().waitFor();
  const [answer] = await Promise.all([
    other.waitForResponse((response) => response.request().postData()?.includes('ContactsPage')),
    other.getByRole('button', { name: 'Execute query' }).click(),
  ]);
  const { data, errors } = await answer.json();
  assert.equal(errors, undefined);
  const ids = data.contacts.nodes.map(({ externalId }) => externalId);
  assert.ok(ids.length > 0);
  assert.equal(await page.locator('.table-place[data-index="0"] [aria-colindex="2"]').innerText(), ids[0]);
  await other.close();
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
  await open(`period=TODAY&ticket=${externalId}&columns=externalId,campaign,significantField,status`);
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

async function signingOutAndIn({ page, open, key, expected }) {
  expected.push('401');
  await open('period=TODAY');
  await grid(page).waitFor();
  await page.getByRole('button', { name: /^Konto/ }).click();
  await page.getByText('Wyloguj').click();
  await page.getByText('Wylogowano.').waitFor();
  assert.equal(await page.locator('.workplace').count(), 0, 'nothing of the report stays');
  assert.equal(new URL(page.url()).hash, '');
  assert.equal(await page.evaluate(() => sessionStorage.getItem('kontakty.session')), null);
  assert.equal(await page.evaluate(() => JSON.stringify({ ...localStorage }).includes('kky_')), false, 'no key outlives the tab');
  await page.reload();
  await page.getByRole('heading', { name: 'Zaloguj się' }).waitFor();

  await page.getByLabel('Klucz API').fill('abc');
  await page.keyboard.press('Enter');
  await page.getByText('To nie wygląda na klucz API').waitFor();
  await page.getByLabel('Klucz API').fill(`${key.slice(0, -4)}aaaa`);
  await page.keyboard.press('Enter');
  await page.getByRole('alert').waitFor();
  await page.getByLabel('Klucz API').fill(key);
  await page.keyboard.press('Enter');
  await page.locator('.workplace').waitFor();
}

/** The provider is played at our own origin, which the page's policy lets it reach; so is what the API makes of its token. */
async function signingInWithTheProvider({ page, context, key }) {
  const issuer = new URL('/provider', base).href;
  const claims = {
    iss: issuer,
    aud: 'kontakty',
    sub: 'anna',
    exp: Math.floor(Date.now() / 1000) + 600,
    iat: Math.floor(Date.now() / 1000),
  };
  const encoded = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const token = `${encoded({ alg: 'RS256' })}.${encoded(claims)}.c2lnbmF0dXJl`;
  const json = (route, body) => route.fulfill({ contentType: 'application/json', body: JSON.stringify(body) });
  let challenge;
  await context.route('**/session.json', (route) =>
    json(route, { key: null, oidc: { issuer, clientId: 'kontakty', scopes: ['openid', 'profile'] } }),
  );
  await context.route('**/provider/**', async (route) => {
    const url = new URL(route.request().url());
    switch (url.pathname) {
      case '/provider/.well-known/openid-configuration':
        return json(route, {
          issuer,
          authorization_endpoint: `${issuer}/authorize`,
          token_endpoint: `${issuer}/token`,
          end_session_endpoint: `${issuer}/end`,
          jwks_uri: `${issuer}/keys`,
        });
      case '/provider/authorize': {
        challenge = url.searchParams.get('code_challenge');
        assert.equal(url.searchParams.get('code_challenge_method'), 'S256');
        assert.equal(url.searchParams.get('scope'), 'openid profile');
        const back = new URL(url.searchParams.get('redirect_uri'));
        back.searchParams.set('code', 'the-code');
        back.searchParams.set('state', url.searchParams.get('state'));
        return route.fulfill({ status: 302, headers: { location: back.href } });
      }
      case '/provider/token': {
        const form = new URLSearchParams(route.request().postData());
        assert.equal(createHash('sha256').update(form.get('code_verifier')).digest('base64url'), challenge, 'PKCE');
        assert.equal(form.get('client_secret'), null);
        return json(route, { access_token: token, id_token: token, token_type: 'Bearer', expires_in: 600 });
      }
      default:
        return route.fulfill({
          status: 302,
          headers: { location: url.searchParams.get('post_logout_redirect_uri') ?? base.href },
        });
    }
  });
  await context.route('**/graphql', (route) => {
    assert.equal(route.request().headers().authorization, `Bearer ${token}`);
    return route.continue({ headers: { ...route.request().headers(), authorization: `Bearer ${key}` } });
  });

  await page.goto(new URL('/#period=LAST_30_DAYS&statuses=BUSY', base).href);
  await page.getByRole('button', { name: 'Zaloguj przez dostawcę tożsamości' }).click();
  await grid(page).waitFor();
  assert.match(page.url(), /\/#period=LAST_30_DAYS&statuses=BUSY/, 'back at the report that was asked for, without a code');
  assert.equal(new URL(page.url()).search, '');
  await page.reload();
  await grid(page).waitFor();
  await page.getByRole('button', { name: /^Konto/ }).click();
  const told = page.waitForRequest((request) => request.url().startsWith(`${issuer}/end`));
  await page.getByText('Wyloguj').click();
  await told;
  await page.waitForURL(base.href);
  await page.getByText('Wylogowano.').waitFor();
  assert.deepEqual(await page.evaluate(() => Object.keys(sessionStorage)), ['kontakty.left']);
}

async function anExpiredSessionLosesNothing({ page, open, key, context, expected }) {
  expected.push('401');
  await open('period=LAST_30_DAYS&statuses=BUSY');
  await grid(page).waitFor();
  await page.getByRole('textbox', { name: 'ID zgłoszenia' }).fill('T-1');
  await page.keyboard.press('Enter');
  const refuse = (route) =>
    route.fulfill({
      status: 401,
      contentType: 'application/graphql-response+json',
      body: JSON.stringify({ errors: [{ message: 'Ten klucz stracił ważność.', extensions: { code: 'UNAUTHENTICATED' } }] }),
    });
  await context.route('**/graphql', refuse);
  await page.getByRole('button', { name: 'Odśwież' }).click();
  await page.getByText('Sesja wygasła.').waitFor();
  assert.ok((await page.locator('.table-place').count()) > 10, 'the table stays behind the question');
  await context.unroute('**/graphql', refuse);
  await page.getByLabel('Klucz API').fill(key);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Zaloguj się' }).waitFor({ state: 'detached' });
  await grid(page).waitFor();
  assert.match(page.url(), /statuses=BUSY/);
  await page.locator('.filters .chip', { hasText: 'T-1' }).waitFor();
}

async function theServerGoesAwayAndComesBack({ page, open, context, expected }) {
  expected.push('ERR_', 'Failed to load resource', 'Failed to fetch');
  await open('period=LAST_30_DAYS');
  await grid(page).waitFor();
  const away = (route) => route.abort('connectionrefused');
  await context.route('**/{graphql,readyz}', away);
  await page.getByRole('button', { name: 'Odśwież' }).click();
  await page.getByText('Brak połączenia z serwerem').first().waitFor();
  assert.ok((await page.locator('.table-place').count()) > 10, 'what was read stays');
  await context.unroute('**/{graphql,readyz}', away);
  await grid(page).waitFor(); // by itself
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
