// What the end-to-end tests have in common: a browser on the page of a running server, with the
// demo's key or another, and the API beside it to compare with.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import { chromium } from 'playwright-core';

const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** Opens a browser, runs the parts one after another, each with a page of its own, and says what went wrong. */
export async function visit(base, parts) {
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
    for (const part of parts) {
      const visitor = await enter(browser, base);
      await part(visitor);
      assert.deepEqual(visitor.complaints, [], part.name);
      await visitor.context.close();
      console.log(`  ${part.name}`);
    }
  } finally {
    await browser.close();
  }
}

/**
 * A visitor: `page` on the report, `ask` for the API with the same key, `open` for an address within the page, and the
 * `complaints` that must stay empty. `expected` are parts of complaints that a proof provokes itself.
 */
async function enter(browser, base) {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    colorScheme: 'light',
    reducedMotion: 'reduce',
    acceptDownloads: true,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const complaints = [];
  const expected = [];
  const complain = (text) => expected.some((part) => text.includes(part)) || complaints.push(text);
  page.on('pageerror', (error) => complain(`exception: ${error}`));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complain(`console: ${message.text()}`);
  });
  await context.route(
    (url) => url.origin !== base.origin && !['data:', 'blob:'].includes(url.protocol),
    (route) => {
      complain(`another origin: ${route.request().url()}`);
      return route.abort();
    },
  );
  const { key } = await (await fetch(new URL('/session.json', base))).json();
  assert.ok(key, 'the server is a demo, which signs in by itself');

  const visitor = {
    base,
    context,
    page,
    complaints,
    expected,
    key,
    ask: (query, variables) => ask(base, visitor.key, query, variables),
    /** Signs in with a key of these scopes, made for this proof. */
    become: async (scopes) => {
      const made = await ask(base, key, `mutation($input: CreateApiKeyInput!) { createApiKey(input: $input) { key } }`, {
        input: {
          name: 'A proof',
          scopes,
          grants: { unrestricted: true },
          expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
        },
      });
      visitor.key = made.createApiKey.key;
      await context.addInitScript((token) => {
        // A blank page has no storage.
        if (location.protocol !== 'about:') sessionStorage.setItem('kontakty.session', JSON.stringify({ token, means: 'key' }));
      }, visitor.key);
    },
    /** Opens the page at what the address says behind its #, anew. */
    open: async (fragment) => {
      await page.goto('about:blank');
      await page.goto(new URL(`/#${fragment}`, base).href);
      await page.locator('.workplace').waitFor();
    },
    /** Fails on anything serious that axe finds in a part of the page. */
    accessible: async (selector) => {
      if (!(await page.evaluate(() => 'axe' in window))) {
        // The page's policy lets no script in but its own; the debugger may.
        await page.evaluate(readAxe());
      }
      const { violations } = await page.evaluate((within) => globalThis.axe.run(within), selector);
      const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
      assert.deepEqual(
        serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`),
        [],
        `axe in ${selector}`,
      );
    },
  };
  return visitor;
}

let axe;
function readAxe() {
  axe ??= readFileSync(axePath, 'utf8');
  return axe;
}

async function ask(base, key, query, variables = {}) {
  const response = await fetch(new URL('/graphql', base), {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json',
      'accept-language': 'pl',
      authorization: `Bearer ${key}`,
    },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = await response.json();
  assert.equal(errors, undefined, JSON.stringify(errors));
  return data;
}
