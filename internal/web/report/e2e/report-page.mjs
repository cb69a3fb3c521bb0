// What a manager sees and touches of the report, and what the API says to the same question.

export const month = { period: { preset: 'LAST_30_DAYS' } };

export function grid(page) {
  return page.locator('#table');
}

export function show(page) {
  return page.getByRole('button', { name: 'Pokaż', exact: true });
}

export function total(page) {
  return page.locator('.toolbar-total');
}

export function digits(text) {
  return Number(text.replace(/\D/g, ''));
}

/** Presses “Pokaż” and returns what it finds. */
export async function shown(page) {
  const counted = page.waitForResponse((answer) => answer.request().postData()?.includes('ContactsTotal'));
  await show(page).click();
  await counted;
  await page.waitForFunction(() => /\d/.test(document.querySelector('.toolbar-total')?.textContent ?? ''));
  return digits(await total(page).innerText());
}

export async function totalOf(ask, filter) {
  const { contacts } = await ask('query($filter: ContactFilter!) { contacts(filter: $filter, first: 0) { totalCount } }', {
    filter,
  });
  return contacts.totalCount;
}

/** Chooses the first of a list, by its label, and returns its name. */
export async function choose(page, label, count = 1) {
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

export async function clear(page) {
  const button = page.getByRole('button', { name: 'Wyczyść' });
  if (await button.isEnabled()) await button.click();
  await page.getByText('Ostatnie 30 dni').click();
}

export async function counted(page) {
  await page.waitForFunction(() => /\d/.test(document.querySelector('.toolbar-total')?.textContent ?? ''));
  return total(page);
}
