// The filter panel: every criterion finds what the API finds.
import assert from 'node:assert/strict';

import { choose, clear, month, show, shown, totalOf } from './report-page.mjs';

export default [
  everyFilterChangesWhatTheApiSays,
  longListsAreSearched,
  ownDaysByKeyboardAndCalendar,
  wrongValuesAreSaidBesideTheField,
];

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
    'query($filter: ContactFilter!) { contacts(filter: $filter, first: 200) { nodes { externalId sourceAddress destinationAddress ticketId record { externalId } } } }',
    { filter: month },
  );
  const source = contacts.nodes.find(({ sourceAddress }) => /^\+48\d{9}$/.test(sourceAddress ?? '')).sourceAddress;
  const destination = contacts.nodes.find(({ destinationAddress }) => destinationAddress?.includes('@')).destinationAddress;
  const { externalId } = contacts.nodes[0];
  const { record } = contacts.nodes.find((node) => node.record);
  const ticket = contacts.nodes.find(({ ticketId }) => ticketId).ticketId;
  const typed = [
    // In another spelling than the platform's.
    ['Numer źródłowy', source.replace(/^\+48(\d{3})(\d{3})(\d{3})$/, '0048 $1-$2-$3'), { sourceAddresses: [source] }],
    ['Numer docelowy', destination.toUpperCase(), { destinationAddresses: [destination] }],
    ['Klient (numer lub e-mail)', source.replace('+', '00'), { addresses: [source] }],
    ['ID połączenia', externalId, { externalIds: [externalId] }],
    ['ID rekordu', record.externalId, { recordExternalIds: [record.externalId] }],
    ['ID zgłoszenia', ticket, { ticketIds: [ticket] }],
  ];
  for (const [label, text, filter] of typed) {
    await clear(page);
    await page.getByRole('textbox', { name: label }).fill(text);
    await page.keyboard.press('Enter');
    const found = await shown(page);
    assert.equal(found, await totalOf(ask, { ...month, ...filter }), label);
    assert.ok(found > 0 && found < all, `${label} narrows to ${found}`);
    assert.match(await page.locator('.set-chips .chip').innerText(), new RegExp(text.slice(-6).replace(/[+.]/g, '.'), 'i'));
  }

  await clear(page);
  await page.locator('.filters label').filter({ hasText: 'Niezakończone' }).click();
  const unfinished = await shown(page);
  assert.equal(unfinished, await totalOf(ask, { ...month, unfinished: true }), 'Niezakończone');
  assert.ok(unfinished < all, 'what never ended is rare');

  const withouts = {
    withoutSourceAddress: ['Numer źródłowy', 'Bez numeru źródłowego'],
    withoutDestinationAddress: ['Numer docelowy', 'Bez numeru docelowego'],
  };
  for (const [criterion, [label, chip]] of Object.entries(withouts)) {
    await clear(page);
    await page
      .locator('.filters label')
      .filter({ hasText: `bez numeru – ${label}` })
      .click();
    const found = await shown(page);
    assert.equal(found, await totalOf(ask, { ...month, [criterion]: true }), chip);
    assert.ok(found < all, `${chip} narrows`);
    assert.ok(page.url().includes(`${criterion}=true`));
    await page.locator('.set-chips .chip', { hasText: chip }).getByRole('button').click();
    await page.waitForFunction(() => !document.querySelector('.set-chips'));
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
  await page
    .locator('.filters')
    .getByRole('button', { name: /^Wynik\b/ })
    .click();
  await page.getByRole('searchbox').fill('stracone');
  await page.getByText('Zaznacz wszystkie znalezione (5)').click();
  await page.keyboard.press('Escape');
  const outcomes = ['LOST_IN_IVR', 'LOST_IN_QUEUE', 'LOST_WHILE_RINGING', 'LOST_AT_VOICEMAIL', 'LOST_BY_FAILURE'];
  const lost = await shown(page);
  assert.equal(lost, await totalOf(ask, { ...month, outcomes }), 'Wynik');
  assert.ok(lost > 0 && lost < all, `${lost} were lost`);

  for (const [label, criterion] of Object.entries({ 'Czas w kolejce': 'queueTime', 'Rozmowa z agentem': 'agentTalkTime' })) {
    await clear(page);
    await page.getByRole('textbox', { name: `${label} od (s)` }).fill('20');
    await page.getByRole('textbox', { name: `${label} do (s)` }).fill('60');
    await page.keyboard.press('Enter');
    const found = await shown(page);
    assert.equal(found, await totalOf(ask, { ...month, [criterion]: { atLeast: 20, atMost: 60 } }), label);
    assert.ok(found > 0 && found < all, `${label} narrows to ${found}`);
    assert.equal(await page.locator('.set-chips .chip', { hasText: '20–60 s' }).count(), 1);
  }

  await clear(page);
  await page
    .locator('.filters')
    .getByRole('button', { name: /^Dni tygodnia\b/ })
    .click();
  await page.getByText('sobota').click();
  await page.keyboard.press('Escape');
  assert.equal(await shown(page), await totalOf(ask, { ...month, weekdays: ['SATURDAY'] }), 'Dni tygodnia');

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
  const long = 'x'.repeat(321);
  await page.getByRole('textbox', { name: 'Numer źródłowy' }).fill(long);
  await page.keyboard.press('Enter');
  await page.getByText('Numer lub adres może mieć najwyżej 320 znaków, bez znaków sterujących.').waitFor();
  await show(page).click();
  await page.getByText('Popraw 1 pole.').waitFor();
  assert.equal(new URL(page.url()).hash, '', 'nothing was asked for');
  await page
    .getByRole('button', { name: `Usuń: ${long}` })
    .first()
    .click();
  assert.equal(await page.getByText('najwyżej 320 znaków').count(), 0);

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

  await open('period=TODAY&id=no-such-contact');
  await page.getByText('Filtr wymaga poprawki').waitFor();
  await page.locator('.field', { hasText: 'ID połączenia' }).locator('.field-error').waitFor();

  await open('from=2026-01-01&to=2026-04-01');
  await page
    .getByText(/najwyżej 3 miesiące/)
    .first()
    .waitFor();
}
