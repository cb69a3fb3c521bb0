/** Under this name the report page keeps who is signed in; a tab opened from there has a copy. */
const storageKey = 'kontakty.session';
let demo;

/**
 * The header that says who asks: as the report page of this tab signed in, or with the key that a demo gives to pages
 * on its own machine. Empty if neither is there; then it goes into the headers pane, which wins in any case.
 */
export async function authorization() {
  const token = kept() ?? (await demoKey());
  return token ? { authorization: `Bearer ${token}` } : {};
}

function kept() {
  try {
    return JSON.parse(sessionStorage.getItem(storageKey))?.token;
  } catch {
    return undefined;
  }
}

function demoKey() {
  demo ??= fetch('/session.json', { cache: 'no-store' })
    .then(async (answer) => (answer.ok ? (await answer.json()).key : null))
    .catch(() => {
      demo = undefined;
      return null;
    });
  return demo;
}
