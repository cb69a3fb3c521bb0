import { replaceFragment } from '../address/address';
import { createPageClient } from '../api/client';
import { credentials, type SignInMethod } from '../api/credentials';
import { faultsOf } from '../api/fault';
import { graphql } from '../api/generated';
import { type Provider, signInOptions } from './options';
import { expire, setSession, type Viewer } from './session';

const leftKey = 'kontakty.left';

/** Finds out, when the page opens, who is signed in. */
export async function start(): Promise<void> {
  try {
    const query = new URLSearchParams(location.search);
    if (query.has('state') && (query.has('code') || query.has('error'))) {
      const { oidc } = await signInOptions();
      if (oidc) return await signIn(await returnFrom(oidc), 'oidc');
    }
    const kept = credentials.get();
    if (kept) return await signIn(kept.token, kept.method, 'expired');
    const { key } = await signInOptions();
    if (key && !sessionStorage.getItem(leftKey)) return await signIn(key, 'demo');
    setSession({ state: 'out', why: sessionStorage.getItem(leftKey) ? 'left' : 'fresh' });
  } catch {
    setSession({ state: 'out', why: 'failed' });
  }
}

/** Takes the token that the provider sent the browser back with, and opens what was open before. */
async function returnFrom(provider: Provider): Promise<string> {
  const { finish } = await import('./oidc');
  try {
    const { token, fragment } = await finish(provider);
    replaceFragment(fragment);
    return token;
  } catch (error) {
    replaceFragment('');
    throw error;
  }
}

/** Signs in with a token; who it belongs to is asked of the API. */
export async function signIn(token: string, method: SignInMethod, refusal: 'refused' | 'expired' = 'refused'): Promise<void> {
  credentials.set({ token, method });
  const answer = await askViewer();
  if ('viewer' in answer) {
    sessionStorage.removeItem(leftKey);
    setSession({ state: 'in', method, viewer: answer.viewer });
    if (method === 'oidc') void followProvider();
    return;
  }
  if (answer.refused) credentials.set(null);
  setSession({ state: 'out', why: answer.refused ? refusal : 'failed', message: answer.message });
}

async function followProvider(): Promise<void> {
  const { oidc } = await signInOptions();
  if (oidc) (await import('./oidc')).renew(oidc, (token) => credentials.set({ token, method: 'oidc' }), expire);
}

/** Signs out: what was kept for the tab is gone, and the demo does not sign in again by itself. */
export async function signOut(): Promise<void> {
  const method = credentials.get()?.method;
  credentials.set(null);
  sessionStorage.setItem(leftKey, 'true');
  setSession({ state: 'out', why: 'left' });
  if (method === 'oidc') {
    const { oidc } = await signInOptions();
    if (oidc) await (await import('./oidc')).leave(oidc);
  }
}

type Answer = { viewer: Viewer } | { refused: boolean; message?: string };

const viewerDocument = graphql(`
  query Viewer {
    viewer {
      name
      scopes
    }
  }
`);

async function askViewer(): Promise<Answer> {
  const { data, error } = await createPageClient().query(viewerDocument, {}).toPromise();
  if (data) return { viewer: { name: data.viewer.name, scopes: new Set(data.viewer.scopes) } };
  const status = (error?.response as Response | undefined)?.status;
  return { refused: status === 401 || status === 403, message: faultsOf(error)[0]?.message || undefined };
}
