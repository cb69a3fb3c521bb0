const persistHeaders = 'graphiql:shouldPersistHeaders';
const histories = ['graphiql:queries', 'graphiql:favorites'];

/**
 * The browser's storage, except that the history keeps no request headers unless the user asked for that in the
 * settings: GraphiQL itself leaves them out of the stored tabs only, and an API key would stay behind in the history.
 */
export const storage = {
  get length() {
    return localStorage.length;
  },
  getItem: (key) => localStorage.getItem(key),
  setItem: (key, value) => localStorage.setItem(key, mayHoldHeaders(key) ? value : withoutHeaders(value)),
  removeItem: (key) => localStorage.removeItem(key),
  clear: () => localStorage.clear(),
};

function mayHoldHeaders(key) {
  return !histories.includes(key) || localStorage.getItem(persistHeaders) === 'true';
}

function withoutHeaders(history) {
  return JSON.stringify(JSON.parse(history), (key, value) => (key === 'headers' ? undefined : value));
}
