import { createPageClient } from '../api/client';
import { faultsOf } from '../api/fault';
import { graphql } from '../api/generated';
import { become, currentMeans, currentToken, expire, keep, type Means, type Viewer } from './session';

/** How one may sign in, as the server says. */
export interface Ways {
  /** The demo's key, given to a browser on the demo's own machine. */
  key: string | null;
  oidc: { issuer: string; clientId: string; scopes: string[] } | null;
}

const leftKey = 'kontakty.left';
let ways: Promise<Ways> | null = null;

/** Asks the server once how one may sign in. */
export function signInWays(): Promise<Ways> {
  ways ??= fetch('/session.json', { cache: 'no-store' }).then(async (answer) =>
    answer.ok ? ((await answer.json()) as Ways) : { key: null, oidc: null },
  );
  ways.catch(() => (ways = null));
  return ways;
}

/** Finds out, when the page opens, who is signed in. */
export async function start(): Promise<void> {
  try {
    const query = new URLSearchParams(location.search);
    if (query.has('state') && (query.has('code') || query.has('error'))) {
      const { finish } = await import('./oidc');
      const { oidc } = await signInWays();
      if (oidc) return await enter(await finish(oidc), 'oidc');
    }
    if (currentToken()) {
      return await enter(currentToken()!, currentMeans() ?? 'key', 'expired');
    }
    const { key } = await signInWays();
    if (key && !sessionStorage.getItem(leftKey)) return await enter(key, 'demo');
    become({ state: 'out', why: sessionStorage.getItem(leftKey) ? 'left' : 'fresh' });
  } catch {
    become({ state: 'out', why: 'failed' });
  }
}

/** Signs in with a token; who it belongs to is asked of the API. */
export async function enter(token: string, means: Means, refusal: 'refused' | 'expired' = 'refused'): Promise<void> {
  keep(token, means);
  const answer = await ask();
  if ('viewer' in answer) {
    sessionStorage.removeItem(leftKey);
    become({ state: 'in', means, viewer: answer.viewer });
    if (means === 'oidc') void followProvider();
    return;
  }
  if (answer.refused) keep(null);
  become({ state: 'out', why: answer.refused ? refusal : 'failed', message: answer.message });
}

async function followProvider(): Promise<void> {
  const { oidc } = await signInWays();
  if (oidc) (await import('./oidc')).renew(oidc, (token) => keep(token, 'oidc'), expire);
}

/** Signs out: what was kept for the tab is gone, and the demo does not sign in again by itself. */
export async function leave(): Promise<void> {
  const wasOIDC = currentMeans() === 'oidc';
  keep(null);
  sessionStorage.setItem(leftKey, 'true');
  become({ state: 'out', why: 'left' });
  if (wasOIDC) {
    const { oidc } = await signInWays();
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

async function ask(): Promise<Answer> {
  const { data, error } = await createPageClient().query(viewerDocument, {}).toPromise();
  if (data) return { viewer: { name: data.viewer.name, scopes: new Set(data.viewer.scopes) } };
  const status = (error?.response as Response | undefined)?.status;
  return { refused: status === 401 || status === 403, message: faultsOf(error)[0]?.message || undefined };
}
