// “Centrale”: how telephone systems stand, for administrators.
import assert from 'node:assert/strict';

export default [noneYet, howTheyStand, fromTheKeyboardInEnglishAndDark, forOthersThereIsNoButton, withoutTheRightItIsRefused];

const panel = (page) => page.getByRole('complementary', { name: /Centrale telefoniczne|Telephone systems/ });

const pbx1 = {
  __typename: 'SourceSummary',
  name: 'pbx1',
  kind: 'freepbx',
  rows: 12_345,
  badRows: 2,
  errors: 1,
  lastErrorAt: '2026-11-27T09:00:00Z',
  lastRowAt: '2026-11-27T11:58:00Z',
  readAt: '2026-11-27T11:59:30Z',
  lagSeconds: 4,
  calls: 812,
  openCalls: 3,
  unfinishedCalls: 1,
  withoutContact: [
    { __typename: 'CallsWithoutContactCount', reason: 'FEATURE_CODE', calls: 4 },
    { __typename: 'CallsWithoutContactCount', reason: 'AGENT_NOT_REACHED', calls: 1 },
  ],
};
const pbx2 = { ...pbx1, name: 'pbx2', lagSeconds: 7_325, withoutContact: [] };
const files = { ...pbx2, name: 'archive', lagSeconds: null, lastErrorAt: null };

/** Lets the API answer with these telephone systems: a demo has none. */
async function answerWith(context, sources) {
  await context.route('**/graphql', (route) => {
    const asked = JSON.parse(route.request().postData() ?? '{}').query ?? '';
    return /\bsources\b/.test(asked)
      ? route.fulfill({ contentType: 'application/graphql-response+json', body: JSON.stringify({ data: { sources } }) })
      : route.fallback();
  });
}

async function noneYet({ ask, open, page, accessible }) {
  assert.deepEqual((await ask('{ sources { name } }')).sources, []);
  await open('sources=open');
  await panel(page).getByText('Nie ma jeszcze żadnej centrali').waitFor();
  await accessible('.side-panel');
}

async function howTheyStand({ context, open, page, accessible }) {
  await answerWith(context, [pbx1, pbx2, files]);
  await open('sources=open');
  const shown = panel(page).locator('.source');
  await shown.nth(2).waitFor();
  const [one, two, three] = (await shown.allInnerTexts()).map((text) => text.replace(/\s+/g, ' '));
  assert.match(one, /pbx1 freepbx na bieżąco Opóźnienie 0:00:04 /);
  assert.match(one, /Wiersze 12 345 /);
  assert.match(one, /5 połączeń bez kontaktu kod funkcji centrali 4 agent nie odebrał połączenia centrali 1 /);
  assert.match(one, /kontakty sources unmapped pbx1/);
  assert.match(two, /opóźniona Opóźnienie 2:02:05 .* 0 połączeń bez kontaktu$/);
  assert.match(three, /z plików Opóźnienie – /);
  await accessible('.side-panel');
}

async function fromTheKeyboardInEnglishAndDark({ context, base, page, accessible }) {
  await answerWith(context, [pbx1, pbx2]);
  await context.addInitScript(() => localStorage.setItem('kontakty.language', 'en'));
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.goto(new URL('/#', base).href);
  const button = page.getByRole('button', { name: 'Telephone systems' });
  await button.focus();
  await page.keyboard.press('Enter');
  await panel(page).getByText('up to date').waitFor();
  assert.match(page.url(), /sources=open/);
  await panel(page).getByText('5 calls without a contact').waitFor();
  await accessible('.side-panel');
  await page.keyboard.press('Escape');
  await panel(page).waitFor({ state: 'detached' });
  assert.ok(await button.evaluate((one) => document.activeElement === one), 'the focus goes back to the button');
}

async function forOthersThereIsNoButton({ become, open, page }) {
  await become(['CONTACTS_READ', 'EXPORTS']);
  await open('');
  await page.getByRole('button', { name: 'Pliki do pobrania' }).waitFor();
  assert.equal(await page.getByRole('button', { name: 'Centrale' }).count(), 0);
}

async function withoutTheRightItIsRefused({ become, open, page, accessible }) {
  await become(['CONTACTS_READ']);
  await open('sources=open');
  await panel(page).getByText('Nie masz dostępu do stanu central').waitFor();
  await accessible('.side-panel');
}
