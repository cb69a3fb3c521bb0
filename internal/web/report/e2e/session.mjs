// Signing in and out, by key and by provider, and what happens when the session or the server goes away.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';

import { base } from './base.mjs';
import { grid } from './report-page.mjs';

export default [signingOutAndIn, signingInWithTheProvider, anExpiredSessionLosesNothing, theServerGoesAwayAndComesBack];

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
