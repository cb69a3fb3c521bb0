/** How one may sign in, as the server says. */
export interface SignInOptions {
  /** The demo's key, given to a browser on the demo's own machine. */
  key: string | null;
  oidc: Provider | null;
}

/** A provider of OpenID Connect. */
export interface Provider {
  issuer: string;
  clientId: string;
  scopes: string[];
}

let options: Promise<SignInOptions> | null = null;

/** Asks the server once how one may sign in. */
export function signInOptions(): Promise<SignInOptions> {
  options ??= fetch('/session.json', { cache: 'no-store' }).then(async (answer) =>
    answer.ok ? ((await answer.json()) as SignInOptions) : { key: null, oidc: null },
  );
  options.catch(() => (options = null));
  return options;
}
