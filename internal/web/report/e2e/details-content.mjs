// The content of a contact in its details: recording, e-mail, chat, SMS.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';

import { duration, invented, panel, record, recent } from './details-page.mjs';

const long = `${'Bardzo długie zdanie. '.repeat(40)}${'x'.repeat(500)}`;
const script = '<script>globalThis.hacked = 1</script><img src=x onerror="globalThis.hacked = 1"><b>ą</b>';

export default [theRecordingOfACall, theEmail, theChat, theSms, hostileTextsAreText, whatOneMayNotSee];

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
  await shown.getByRole('button', { name: 'Kopiuj' }).click();
  await shown.getByRole('button', { name: 'Skopiowano' }).waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), contact.details.path);
  await accessible('.side-panel');
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
          attachments: [{ name: `\u202efdp.exe ${script}.pdf`, size: 1, path: '/e2e/offer.txt' }],
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
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    panel(page).getByRole('button', { name: 'Pobierz załącznik' }).click(),
  ]);
  assert.equal(await readFile(await file.path(), 'utf8'), 'an offer', 'the attachment is the file of the platform');
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
