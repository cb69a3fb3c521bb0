import { UserManager, WebStorageStateStore } from 'oidc-client-ts';

import type { Provider } from './options';

/** Where the page was before it went to the provider; it comes back to it. */
interface Before {
  fragment: string;
}

let manager: UserManager | null = null;

function managerOf(provider: Provider): UserManager {
  manager ??= new UserManager({
    authority: provider.issuer,
    client_id: provider.clientId,
    redirect_uri: `${location.origin}/`,
    post_logout_redirect_uri: `${location.origin}/`,
    response_type: 'code', // with PKCE, which the library always adds
    scope: provider.scopes.join(' '),
    userStore: new WebStorageStateStore({ store: sessionStorage }),
    stateStore: new WebStorageStateStore({ store: sessionStorage }),
    automaticSilentRenew: false,
    monitorSession: false,
  });
  return manager;
}

/** Sends the browser to the provider. */
export async function begin(provider: Provider): Promise<void> {
  await managerOf(provider).signinRedirect({ state: { fragment: location.hash } satisfies Before });
}

/** Takes what the provider sent the browser back with: the token for the API, and the fragment that the page was at. */
export async function finish(provider: Provider): Promise<{ token: string; fragment: string }> {
  const user = await managerOf(provider).signinCallback(location.href);
  if (!user) throw new Error('no user');
  const before = user.state as Before | undefined;
  return { token: tokenOf(user), fragment: before?.fragment ?? '' };
}

/** Renews the token before it expires, where the provider gave the means to; otherwise says when it has expired. */
export function renew(provider: Provider, fresh: (token: string) => void, expired: () => void): void {
  const known = managerOf(provider);
  known.events.addAccessTokenExpiring(() => {
    void known.getUser().then(async (user) => {
      if (!user?.refresh_token) return;
      const next = await known.signinSilent();
      if (next) fresh(tokenOf(next));
    });
  });
  known.events.addAccessTokenExpired(() => expired());
}

/** Forgets the user, at the provider too where it offers that. */
export async function leave(provider: Provider): Promise<void> {
  const known = managerOf(provider);
  const user = await known.getUser();
  const offered = await known.metadataService.getEndSessionEndpoint().catch(() => undefined);
  if (offered) await known.signoutRedirect({ id_token_hint: user?.id_token });
  else await known.removeUser();
}

/** The access token where it is one that the API can read, a JWT, and the id token otherwise. */
function tokenOf(user: { access_token: string; id_token?: string }): string {
  return user.access_token.split('.').length === 3 ? user.access_token : (user.id_token ?? user.access_token);
}
