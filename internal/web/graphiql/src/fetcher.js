import { Kind, parse } from 'graphql';

import { authorization } from './session.js';

/**
 * Returns GraphiQL's fetcher: a POST to endpoint for each operation. The stop button, a new run and a closed tab abort
 * the request, which makes the server cancel its query. Headers come from the headers pane, and who asks from the session.
 */
export function createFetcher(endpoint) {
  return (params, options) => ({
    subscribe(observer) {
      const controller = new AbortController();
      post(endpoint, withOwnOperationName(params), options?.headers, controller.signal).then(
        (result) => {
          observer.next(result);
          observer.complete();
        },
        (error) => {
          if (!controller.signal.aborted) observer.error(error);
        },
      );
      return { unsubscribe: () => controller.abort() };
    },
  });
}

/** GraphiQL notices late that the tab changed, and would for a moment ask for the operation of the tab before. */
function withOwnOperationName(params) {
  let document;
  try {
    document = parse(params.query);
  } catch {
    return params; // The server says better what is wrong.
  }
  const names = document.definitions
    .filter((definition) => definition.kind === Kind.OPERATION_DEFINITION)
    .map((operation) => operation.name?.value);
  return names.includes(params.operationName) ? params : { ...params, operationName: names[0] };
}

async function post(endpoint, params, headers, signal) {
  const named = Object.keys(headers ?? {}).some((name) => name.toLowerCase() === 'authorization');
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: {
      accept: 'application/graphql-response+json, application/json;q=0.9',
      'content-type': 'application/json',
      ...(named ? {} : await authorization()),
      ...headers,
    },
    body: JSON.stringify(params),
    signal,
  });
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    // A proxy or a stopping server may answer with something else; show what it was.
    throw new Error(`The server answered ${response.status} ${response.statusText}: ${text.slice(0, 500)}`);
  }
}
