// Opens the details of every kind of contact, and the way through the IVR, in a real Chromium against a running demo:
//
//   node e2e/details.mjs http://127.0.0.1:8080
//
// What the page shows is compared with what the API says. It records a few contacts with hostile texts.
import assert from 'node:assert/strict';

import { baseOf, visit } from './details-visit.mjs';

const base = baseOf('details.mjs');
const recent = { period: { preset: 'LAST_30_DAYS' } };
const long = `${'Bardzo długie zdanie. '.repeat(40)}${'x'.repeat(500)}`;
const script = '<script>globalThis.hacked = 1</script><img src=x onerror="globalThis.hacked = 1"><b>ą</b>';

let recorded = 0;

await visit(
  base,
  [
    theRecordingOfACall,
    theSoundIsPlayedFromOurOwnOrigin,
    theEmail,
    theChat,
    theSms,
    theWayThroughTheIvr,
    whoIsStillThere,
    hostileTextsAreText,
    whatOneMayNotSee,
    theKeyboard,
    theWidthIsRemembered,
    whatDoesNotExist,
    inEnglishAndDark,
    onPaper,
  ].filter((part) => part.name.includes(process.env.PART ?? '')),
);
console.log(`Details at ${base.origin}: all as the API says.`);

function panel(page) {
  return page.locator('.side-panel');
}

async function theRecordingOfACall({ ask, open, page, context, accessible }) {
  const { contacts } = await ask(
    `query($filter: ContactFilter!) {
    contacts(filter: $filter, first: 100) { nodes { id externalId agentTalkTime details { ... on RecordingInfo { path seconds } } } }
  }`,
    { filter: { ...recent, types: ['CAMPAIGN_INBOUND_CALL'], statuses: ['ANSWERED'] } },
  );
  const contact = invented(contacts).find(({ details }) => details?.path);
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await open(`contact=${contact.id}`);
  const shown = panel(page);
  await shown.getByText(contact.details.path, { exact: true }).waitFor();
  await shown.getByText(duration(contact.details.seconds)).first().waitFor();
  await shown.getByText(contact.externalId, { exact: true }).waitFor();
  assert.equal(await shown.locator('audio').count(), 0, 'there is no address to play it from');
  await shown.getByRole('button', { name: 'Kopiuj' }).click();
  await shown.getByRole('button', { name: 'Skopiowano' }).waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), contact.details.path);
  await accessible('.side-panel');
}

async function theSoundIsPlayedFromOurOwnOrigin({ ask, open, page, context, expected }) {
  const [own, foreign, gone] = await record(ask, [
    { type: 'OUTBOUND_CALL', agentTalkTime: 1, details: { recording: { path: new URL('/sound.wav', base).href, seconds: 1 } } },
    {
      type: 'OUTBOUND_CALL',
      agentTalkTime: 1,
      details: { recording: { path: 'https://elsewhere.example.com/sound.wav', seconds: 1 } },
    },
    { type: 'OUTBOUND_CALL', agentTalkTime: 1, details: { recording: { path: new URL('/no-such.wav', base).href, seconds: 1 } } },
  ]);
  await context.route(new URL('/sound.wav', base).href, (route) => route.fulfill({ contentType: 'audio/wav', body: silence() }));
  await open(`contact=${own}`);
  await page.waitForFunction(() => document.querySelector('audio')?.duration === 1);
  await open(`contact=${foreign}`);
  await panel(page).getByText('https://elsewhere.example.com/sound.wav').waitFor();
  assert.equal(await page.locator('audio').count(), 0, 'nothing is loaded from elsewhere');
  expected.push('404');
  await open(`contact=${gone}`);
  await panel(page).getByText('Nie udało się odtworzyć nagrania').waitFor();
}

async function theEmail({ ask, open, page, accessible }) {
  const { contacts } = await ask(
    `query($filter: ContactFilter!) {
    contacts(filter: $filter, first: 200) { nodes {
      id externalId sourceAddress destinationAddress ccAddresses bccAddresses details { ... on EmailInfo { subject body attachments { name size } } }
    } }
  }`,
    { filter: { ...recent, types: ['OUTBOUND_EMAIL', 'INBOUND_EMAIL'] } },
  );
  const emails = invented(contacts).filter(({ details }) => details);
  for (const contact of [
    emails.find(({ details, ccAddresses }) => details.attachments.length > 0 && ccAddresses.length > 0) ??
      emails.find(({ details }) => details.attachments.length > 0),
    emails.find(({ bccAddresses }) => bccAddresses.length > 0),
  ]) {
    await open(`contact=${contact.id}`);
    const email = panel(page).locator('.email');
    await email.getByText(contact.details.subject, { exact: true }).waitFor();
    assert.equal(await email.locator('.email-body').innerText(), contact.details.body);
    const head = await email.locator('.email-head').innerText();
    for (const address of [contact.sourceAddress, contact.destinationAddress, ...contact.ccAddresses, ...contact.bccAddresses]) {
      assert.ok(head.includes(address), `${address} in ${head}`);
    }
    assert.equal(head.includes('UDW'), contact.bccAddresses.length > 0);
    assert.deepEqual(
      await email.locator('.email-attachment bdi').allInnerTexts(),
      contact.details.attachments.map(({ name }) => name),
    );
  }
  await accessible('.side-panel');
}

async function theChat({ ask, open, page, accessible }) {
  const { contacts } = await ask(
    `query($filter: ContactFilter!) {
    contacts(filter: $filter, first: 50) { nodes { id externalId agent { name } details { ... on ChatInfo { messages { author text } } } } }
  }`,
    { filter: { ...recent, types: ['CHAT', 'MESSENGER_CHAT'] } },
  );
  const contact = invented(contacts).find(
    ({ agent, details }) => agent && details?.messages.some(({ author }) => author === agent.name),
  );
  await open(`contact=${contact.id}`);
  const lines = panel(page).locator('.chat-line');
  await lines.first().waitFor();
  assert.deepEqual(
    await lines.locator('.chat-bubble p').allInnerTexts(),
    contact.details.messages.map(({ text }) => text),
  );
  assert.equal(
    await panel(page).locator('.chat-line-own').count(),
    contact.details.messages.filter(({ author }) => author === contact.agent.name).length,
  );
  await accessible('.side-panel');
}

async function theSms({ ask, open, page }) {
  const { contacts } = await ask(
    `query($filter: ContactFilter!) {
    contacts(filter: $filter, first: 50) { nodes { id externalId details { ... on SmsInfo { text } } } }
  }`,
    { filter: { ...recent, types: ['OUTBOUND_SMS', 'INBOUND_SMS'] } },
  );
  const contact = invented(contacts).find(({ details }) => details);
  await open(`contact=${contact.id}`);
  await panel(page).locator('.chat-bubble').getByText(contact.details.text, { exact: true }).waitFor();
}

async function theWayThroughTheIvr({ ask, open, page, accessible }) {
  const { contacts } = await ask(
    `query($filter: ContactFilter!) {
    contacts(filter: $filter, first: 20) { nodes { id externalId ivrSteps { name choice enteredAt duration } } }
  }`,
    { filter: { ...recent, types: ['CAMPAIGN_INBOUND_CALL'], statuses: ['ANSWERED'] } },
  );
  const contact = invented(contacts).find(({ ivrSteps }) => ivrSteps.length >= 3 && ivrSteps.some(({ choice }) => choice));
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

async function hostileTextsAreText({ ask, open, page }) {
  const agent = { externalId: 'e2e-hostile', name: `${script} 😀 مستخدم` };
  const at = new Date(Date.now() - 3_600_000).toISOString();
  const [email, chat, sms, call] = await record(ask, [
    {
      type: 'OUTBOUND_EMAIL',
      agent,
      sourceAddress: 'bok@example.com',
      destinationAddress: 'jan@example.org',
      details: {
        email: {
          subject: `${script} ${long}`,
          body: `${script}\n\n\tשלום\n${long}`,
          attachments: [{ name: `\u202efdp.exe ${script}.pdf`, size: 1 }],
        },
      },
    },
    {
      type: 'CHAT',
      agent,
      details: {
        chat: {
          messages: [
            { at, author: agent.name, text: script },
            { at, author: `${script}😀`, text: long },
          ],
        },
      },
    },
    { type: 'INBOUND_SMS', details: { sms: { text: `${script} 🙂 ${long}` } } },
    {
      type: 'CAMPAIGN_INBOUND_CALL',
      agent,
      ivrTime: 5,
      agentTalkTime: 5,
      ticketId: script.slice(0, 100),
      record: { externalId: 'e2e-hostile', significantField: { name: '<i>Firma</i>', value: `${script} 🙂` } },
      ivrSteps: [{ name: script.slice(0, 190), kind: 'INPUT', choice: '1234567890'.repeat(15), enteredAt: at, leftAt: at }],
      details: { recording: { path: `javascript:globalThis.hacked=1//${'a'.repeat(300)}`, seconds: 5 } },
    },
  ]);
  const texts = { [email]: script, [chat]: script, [sms]: script, [call]: 'javascript:globalThis.hacked=1' };
  for (const [id, text] of Object.entries(texts)) {
    await open(`contact=${id}`);
    await panel(page).getByText(text).first().waitFor();
    assert.equal(await page.evaluate(() => globalThis.hacked), undefined, 'nothing ran');
    assert.equal(
      await panel(page).locator('.details').locator('script, img, b, i, iframe, [href^="javascript"], audio').count(),
      0,
      'nothing became HTML',
    );
    const wider = await panel(page)
      .locator('.side-panel-body')
      .evaluate((body) => body.scrollWidth - body.clientWidth);
    assert.ok(wider <= 0, `nothing sticks out: ${wider}px`);
  }
  await open(`contact=${email}`);
  const name = await panel(page).locator('.email-attachment bdi').innerText();
  assert.ok(!name.includes('\u202e'), 'a file name is not turned round');
}

async function whatOneMayNotSee({ ask, become, open, page, accessible }) {
  const { contacts } = await ask(
    `query($filter: ContactFilter!) {
    contacts(filter: $filter, first: 50) { nodes { id externalId sourceAddress destinationAddress details { ... on EmailInfo { subject body } } } }
  }`,
    { filter: { ...recent, types: ['OUTBOUND_EMAIL'] } },
  );
  const contact = invented(contacts).find(({ details }) => details);
  await become(['CONTACTS_READ']);
  await open(`contact=${contact.id}`);
  const shown = panel(page);
  await shown.getByText('Treść jest ukryta').waitFor();
  await shown.locator('.details-field', { hasText: 'Adres UDW' }).getByText('ukryte').waitFor();
  const text = await shown.innerText();
  for (const secret of [contact.details.subject, contact.details.body, contact.sourceAddress, contact.destinationAddress]) {
    assert.ok(!text.includes(secret), 'nothing of it is shown');
  }
  assert.match(await shown.locator('.details-field', { hasText: 'Numer/adres docelowy' }).innerText(), /\*\*\*@/);
  await shown.getByText('Pełne numery i adresy wymagają uprawnienia contacts:addresses.').waitFor();
  await accessible('.side-panel');
}

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

/** The contacts of a page that the demo made up, without those that proofs recorded. */
function invented({ nodes }) {
  return nodes.filter(({ externalId }) => /^\d+-/.test(externalId));
}

/** Records contacts; the answer is their ids. */
async function record(ask, contacts, externalId) {
  const { recordContacts } = await ask(
    `mutation($input: RecordContactsInput!) { recordContacts(input: $input) { contacts { id } } }`,
    {
      input: {
        contacts: contacts.map((contact) => ({
          status: 'ANSWERED',
          startedAt: new Date(Date.now() - 3_600_000).toISOString(),
          revision: ++recorded,
          ...contact,
          externalId: externalId ?? `e2e-details-${process.pid}-${recorded}`,
        })),
      },
    },
  );
  return recordContacts.contacts.map(({ id }) => id);
}

async function externalIdOf(ask, id) {
  const { contact } = await ask('query($id: ID!) { contact(id: $id) { externalId } }', { id });
  return contact.externalId;
}

function duration(seconds) {
  const two = (value) => String(value).padStart(2, '0');
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

/** A second of silence: a WAV file of 8,000 bytes. */
function silence() {
  const file = Buffer.alloc(44 + 8000, 128);
  file.write('RIFF', 0);
  file.writeUInt32LE(36 + 8000, 4);
  file.write('WAVEfmt ', 8);
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(1, 22);
  file.writeUInt32LE(8000, 24);
  file.writeUInt32LE(8000, 28);
  file.writeUInt16LE(1, 32);
  file.writeUInt16LE(8, 34);
  file.write('data', 36);
  file.writeUInt32LE(8000, 40);
  return file;
}
