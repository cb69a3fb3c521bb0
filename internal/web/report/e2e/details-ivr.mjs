// The way of a contact through the IVR, in the table and in the details.
import assert from 'node:assert/strict';

import { duration, externalIdOf, invented, panel, record, recent } from './details-page.mjs';

export default [theWayThroughTheIvr, whoIsStillThere];

async function theWayThroughTheIvr({ ask, open, page, accessible }) {
  const { contacts } = await ask(
    `query($filter: ContactFilter!) {
    contacts(filter: $filter, first: 100) { nodes { id externalId conversationId ivrSteps { name choice enteredAt duration } } }
  }`,
    { filter: { ...recent, types: ['CAMPAIGN_INBOUND_CALL'], statuses: ['ANSWERED'] } },
  );
  const contact = invented(contacts).find(
    ({ conversationId, ivrSteps }) => !conversationId && ivrSteps.length >= 3 && ivrSteps.some(({ choice }) => choice),
  );
  await open('period=LAST_30_DAYS&types=CAMPAIGN_INBOUND_CALL&statuses=ANSWERED');
  await page
    .getByRole('row')
    .filter({ hasText: contact.externalId })
    .getByRole('button', { name: 'Pokaż drogę przez IVR' })
    .click();
  const rows = page.getByRole('table', { name: 'Droga przez IVR' }).locator('tbody tr');
  await rows.first().waitFor();
  const shown = await rows.evaluateAll((all) =>
    all.map((row) => ({
      name: row.querySelector('th bdi').textContent,
      choice: row.cells[1].textContent || null,
      entered: row.cells[2].textContent,
      duration: row.cells[3].textContent,
      from: row.querySelector('.ivr-bar').getBoundingClientRect().left,
      width: row.querySelector('.ivr-bar').getBoundingClientRect().width,
    })),
  );
  assert.deepEqual(
    shown.map(({ from: _, width: __, ...step }) => step),
    contact.ivrSteps.map((step) => ({
      name: step.name,
      choice: step.choice,
      entered: new Intl.DateTimeFormat('pl-PL', { timeZone: 'Europe/Warsaw', timeStyle: 'medium' }).format(
        new Date(step.enteredAt),
      ),
      duration: duration(step.duration),
    })),
  );
  for (let i = 1; i < shown.length; i++) assert.ok(shown[i].from >= shown[i - 1].from, 'the bars follow each other');
  const longest = contact.ivrSteps.reduce((most, step, i, all) => (step.duration > all[most].duration ? i : most), 0);
  assert.ok(
    shown.every(({ width }) => width <= shown[longest].width),
    'the longest tile has the longest bar',
  );
  const total = contact.ivrSteps.reduce((sum, step) => sum + step.duration, 0);
  await page.getByRole('table', { name: 'Droga przez IVR' }).locator('tfoot').getByText(duration(total)).waitFor();
  await accessible('.ivr');
}

async function whoIsStillThere({ ask, open, page }) {
  const now = Date.now();
  const at = (seconds) => new Date(now - seconds * 1000).toISOString();
  const [contact] = await record(ask, [
    {
      type: 'CAMPAIGN_INBOUND_CALL',
      status: 'RINGING',
      ivrSteps: [
        { name: 'Powitanie', kind: 'ANNOUNCEMENT', enteredAt: at(60), leftAt: at(50) },
        { name: 'Kolejka', kind: 'QUEUE', enteredAt: at(50), leftAt: null },
      ],
    },
  ]);
  await open(`contact=${contact}`);
  const way = panel(page).getByRole('table', { name: 'Droga przez IVR' });
  await way.getByText('nadal tutaj').waitFor();
  await way.getByText('Dotychczas').waitFor();
  await panel(page).getByText('Trwa. Dane jeszcze się zmienią.').waitFor();
  // The page looks again by itself.
  await record(
    ask,
    [
      {
        type: 'CAMPAIGN_INBOUND_CALL',
        status: 'ANSWERED',
        ivrTime: 10,
        ivrSteps: [
          { name: 'Powitanie', kind: 'ANNOUNCEMENT', enteredAt: at(60), leftAt: at(50) },
          { name: 'Kolejka', kind: 'QUEUE', enteredAt: at(50), leftAt: at(20) },
        ],
      },
    ],
    await externalIdOf(ask, contact),
  );
  await way.getByText('Razem').waitFor();
  assert.equal(await way.getByText('nadal tutaj').count(), 0);
  await panel(page).locator('.details-summary').getByText('ANSWERED').waitFor();
}
