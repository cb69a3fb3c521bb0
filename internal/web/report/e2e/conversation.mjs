// The plus of a row: the contacts of one conversation as one way.
import assert from 'node:assert/strict';

import { panel } from './details-page.mjs';
import { grid } from './report-page.mjs';

export default [theWholeHistoryInItsOrder, theKeyboardOpensAndCloses, whatIsOutOfReachIsNotThere, itLoadsAndFailsAloud];

const columns = 'columns=externalId,type,holdTime,wrapUpTime';

/** Records a call with its consultation, its transfer and its survey, and a call that belongs to no conversation. */
async function conversation(ask) {
  const mark = `conversation-${process.pid}-${Date.now()}`;
  const now = Date.now();
  const at = (seconds) => new Date(now - 3_600_000 + seconds * 1_000).toISOString();
  const campaigns = [1, 2].map((n) => ({ externalId: `${mark}-${n}`, name: `Kampania ${n} ${mark}` }));
  const steps = [
    { name: 'Powitanie', kind: 'ANNOUNCEMENT', enteredAt: at(0), leftAt: at(10) },
    { name: 'Kolejka', kind: 'QUEUE', enteredAt: at(10), leftAt: at(40) },
  ];
  const contact = (key, seconds, facts) => ({
    externalId: `${mark}-${key}`,
    startedAt: at(seconds),
    status: 'ANSWERED',
    ticketId: mark,
    ...(key !== 'alone' && { conversationId: mark }),
    ...facts,
  });
  const agent = (n) => ({ externalId: `${mark}-a${n}`, name: `Agent ${n} ${mark}` });
  const inbound = { type: 'CAMPAIGN_INBOUND_CALL', ivrTime: 40, agentTalkTime: 200, ivrSteps: steps, agent: agent(1) };
  await ask('mutation($input: RecordContactsInput!) { recordContacts(input: $input) { recorded } }', {
    input: {
      contacts: [
        contact('survey', 300, { type: 'POST_CALL_SURVEY', campaign: campaigns[0] }),
        contact('call', 0, { ...inbound, campaign: campaigns[0], holdTime: 75, wrapUpTime: 3_661 }),
        contact('transfer', 200, { type: 'EXTERNAL_TRANSFER', status: 'NO_ANSWER', agent: agent(1), campaign: campaigns[1] }),
        contact('consultation', 100, { type: 'CONSULTATION', agent: agent(2), campaign: campaigns[0] }),
        contact('alone', 0, { ...inbound, campaign: campaigns[0] }),
      ],
    },
  });
  return { mark, campaign: campaigns[0].externalId };
}

const way = (page) => page.getByRole('region', { name: 'Cała historia działań' });
const entries = (page) => way(page).locator('.conversation-entry');
const row = (page, text) => page.getByRole('row').filter({ hasText: text }).first();

async function theWholeHistoryInItsOrder({ ask, open, page, accessible }) {
  const { mark } = await conversation(ask);
  await open(`period=LAST_30_DAYS&ticket=${mark}&${columns}`);
  await row(page, `${mark}-consultation`).getByRole('button', { name: 'Pokaż całą historię działań' }).click();
  await entries(page).first().waitFor();
  assert.deepEqual(await entries(page).locator('.conversation-type').allInnerTexts(), [
    'połączenie przychodzące w kampanii',
    'konsultacja',
    'transfer zewnętrzny',
    'ankieta PCS',
  ]);
  assert.deepEqual(await entries(page).locator('.conversation-status').allInnerTexts(), [
    'ANSWERED',
    'ANSWERED',
    'NO ANSWER',
    'ANSWERED',
  ]);
  const times = await entries(page)
    .locator('time')
    .evaluateAll((all) => all.map((time) => time.dateTime));
  assert.deepEqual(times, [...times].sort());
  await entries(page).nth(0).getByText(`Agent 1 ${mark}`).waitFor();
  await entries(page).nth(1).getByText(`Agent 2 ${mark}`).waitFor();
  await entries(page).nth(2).getByText(`Kampania 2 ${mark}`).waitFor();
  // The steps stand with the contact that walked them.
  await entries(page).nth(0).getByRole('table').getByText('Powitanie').waitFor();
  assert.equal(await way(page).getByRole('table').count(), 1);
  // The row that was opened is marked, and it alone.
  assert.equal(await way(page).locator('[aria-current="true"]').count(), 1);
  await entries(page).nth(1).getByText('ten kontakt').waitFor();
  await accessible('.conversation');

  // Times beside the call stand in columns that may be chosen, and in the details.
  assert.match(await row(page, `${mark}-call`).innerText(), /0:01:15\s+1:01:01/);
  await entries(page)
    .nth(0)
    .getByRole('button', { name: /^Otwórz szczegóły: połączenie przychodzące w kampanii/ })
    .click();
  await panel(page).locator('.details').waitFor();
  const details = await panel(page).locator('.details').innerText();
  assert.match(details, /Czas zawieszenia\s+0:01:15/);
  assert.match(details, /Czas obsługi po kontakcie\s+1:01:01/);
  assert.match(details, new RegExp(`ID rozmowy\\s+${mark}`));

  // A row without a conversation opens to its way through the IVR, as ever.
  await row(page, `${mark}-alone`).getByRole('button', { name: 'Pokaż drogę przez IVR' }).click();
  await page.getByRole('table', { name: 'Droga przez IVR', exact: true }).first().waitFor();
}

async function theKeyboardOpensAndCloses({ ask, open, page }) {
  const { mark } = await conversation(ask);
  await open(`period=LAST_30_DAYS&ticket=${mark}&id=${mark}-survey&columns=externalId`);
  await row(page, `${mark}-survey`).waitFor();
  await grid(page).focus();
  await page.keyboard.press('ArrowRight');
  await entries(page).first().waitFor();
  assert.equal(await row(page, `${mark}-survey`).getAttribute('aria-expanded'), 'true');
  // Behind the grid come its header, then what is open in it.
  for (let i = 0; i < 3; i++) await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await panel(page).locator('.details').getByText(`${mark}-consultation`).waitFor();
  await page.keyboard.press('Escape');
  await grid(page).focus();
  await page.keyboard.press('ArrowLeft');
  await way(page).waitFor({ state: 'detached' });
}

async function whatIsOutOfReachIsNotThere({ ask, open, page, context }) {
  const { mark, campaign } = await conversation(ask);
  const { createApiKey } = await ask('mutation($input: CreateApiKeyInput!) { createApiKey(input: $input) { key } }', {
    input: {
      name: 'A proof of reach',
      scopes: ['CONTACTS_READ'],
      grants: { campaigns: [campaign] },
      expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
    },
  });
  await context.addInitScript((token) => {
    if (location.protocol !== 'about:') sessionStorage.setItem('kontakty.session', JSON.stringify({ token, means: 'key' }));
  }, createApiKey.key);
  await open(`period=LAST_30_DAYS&ticket=${mark}&${columns}`);
  await row(page, `${mark}-call`).getByRole('button', { name: 'Pokaż całą historię działań' }).click();
  await entries(page).first().waitFor();
  assert.deepEqual(await entries(page).locator('.conversation-type').allInnerTexts(), [
    'połączenie przychodzące w kampanii',
    'konsultacja',
    'ankieta PCS',
  ]);
}

async function itLoadsAndFailsAloud({ ask, open, page, context }) {
  const { mark } = await conversation(ask);
  let asked = 0;
  let answer;
  const held = new Promise((resolve) => (answer = resolve));
  await context.route('**/graphql', async (route) => {
    if (!route.request().postData()?.includes('query ContactConversation')) return route.continue();
    asked += 1;
    if (asked > 1) return route.continue();
    await held;
    return route.fulfill({
      contentType: 'application/json',
      body: JSON.stringify({ errors: [{ message: 'Coś poszło nie tak.', extensions: { code: 'INTERNAL' } }] }),
    });
  });
  await open(`period=LAST_30_DAYS&ticket=${mark}&${columns}`);
  await row(page, `${mark}-call`).getByRole('button', { name: 'Pokaż całą historię działań' }).click();
  await page.getByText('Wczytywanie całej historii działań').waitFor({ state: 'attached' });
  answer();
  await page.getByRole('alert').getByText('Nie udało się wczytać historii działań.').waitFor();
  await page.getByRole('button', { name: 'Spróbuj ponownie' }).click();
  await entries(page).first().waitFor();
  assert.equal(await entries(page).count(), 4);
}
