import { createStore, createStoredStore, parseJSON } from '../state/store';

/** How somebody signed in. */
export type SignInMethod = 'key' | 'oidc' | 'demo';

export interface Credentials {
  token: string;
  method: SignInMethod;
}

/** The credentials that requests are sent with, kept for this tab only. GraphiQL reads the token of the same entry. */
export const credentials = createStoredStore<Credentials | null>(sessionStorage, 'kontakty.session', {
  read: (text) => {
    const entry = parseJSON(text);
    if (!entry || typeof entry !== 'object' || !('token' in entry) || typeof entry.token !== 'string') return null;
    return { token: entry.token, method: 'means' in entry ? (entry.means as SignInMethod) : 'key' };
  },
  write: (value) => value && JSON.stringify({ token: value.token, means: value.method }),
});

/** The credentials that the API last refused, while requests were sent with them. */
export const refusedCredentials = createStore<Credentials | null>(null);
