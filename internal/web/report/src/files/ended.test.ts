import { Client, type ExecutionResult, fetchExchange, subscriptionExchange } from '@urql/core';
import { cacheExchange } from '@urql/exchange-graphcache';
import { expect, test, vi } from 'vitest';

import { keepEnds } from './ended';

const query = 'query ($id: ID!) { download(id: $id) { id state sizeBytes } }';
const list = '{ downloads { nodes { id state sizeBytes } } }';
const updates = 'subscription ($id: ID!) { downloadUpdated(id: $id) { id state sizeBytes } }';

/** A client whose questions are answered, and whose stream is told of, when the test says so. */
function createClient() {
  const answers: ((data: unknown) => void)[] = [];
  let tell: (result: ExecutionResult) => void = () => {};
  const client = new Client({
    url: 'http://server.example/graphql',
    preferGetMethod: false,
    fetch: () =>
      new Promise((resolve) => {
        answers.push((data) =>
          resolve(new Response(JSON.stringify({ data }), { headers: { 'content-type': 'application/json' } })),
        );
      }),
    exchanges: [
      cacheExchange({ keys: { DownloadConnection: () => null } }),
      keepEnds(),
      subscriptionExchange({
        forwardSubscription: () => ({
          subscribe: (sink) => {
            tell = (result) => sink.next(result);
            return { unsubscribe: () => {} };
          },
        }),
      }),
      fetchExchange,
    ],
  });
  return { client, answers, tell: (downloadUpdated: unknown) => tell({ data: { __typename: 'Subscription', downloadUpdated } }) };
}

function download(state: string, sizeBytes: number | null) {
  return { __typename: 'Download', id: 'D1', state, sizeBytes };
}

test('an answer that comes after the end was told does not undo it', async () => {
  const { client, answers, tell } = createClient();
  const shown: unknown[] = [];
  client.query<{ download: unknown }>(query, { id: 'D1' }).subscribe(({ data }) => shown.push(data?.download));
  client.subscription(updates, { id: 'D1' }).subscribe(() => {});
  await vi.waitFor(() => expect(answers).toHaveLength(1));
  tell(download('READY', 12));
  answers[0]?.({ __typename: 'Query', download: download('RUNNING', null) });
  await vi.waitFor(() => expect(shown.at(-1)).toMatchObject({ sizeBytes: 12, state: 'READY' }));

  const listed: unknown[] = [];
  client.query<{ downloads: { nodes: unknown[] } }>(list, {}).subscribe(({ data }) => listed.push(data?.downloads.nodes));
  await vi.waitFor(() => expect(answers).toHaveLength(2));
  answers[1]?.({
    __typename: 'Query',
    downloads: { __typename: 'DownloadConnection', nodes: [download('QUEUED', null), null] },
  });
  await vi.waitFor(() => expect(listed.at(-1)).toMatchObject([{ state: 'READY', sizeBytes: 12 }, null]));
  expect(shown.at(-1)).toMatchObject({ state: 'READY', sizeBytes: 12 });
});

test('what has not ended goes forth and back, and an end may be followed by another', async () => {
  const { client, answers, tell } = createClient();
  const shown: unknown[] = [];
  client.query<{ download: unknown }>(query, { id: 'D1' }).subscribe(({ data }) => shown.push(data?.download));
  client.subscription(updates, { id: 'D1' }).subscribe(() => {});
  await vi.waitFor(() => expect(answers).toHaveLength(1));
  answers[0]?.({ __typename: 'Query', download: download('RUNNING', null) });
  await vi.waitFor(() => expect(shown.at(-1)).toMatchObject({ state: 'RUNNING' }));
  for (const [state, size] of [
    ['QUEUED', null],
    ['READY', 12],
    ['EXPIRED', 12],
  ] as const) {
    tell(download(state, size));
    await vi.waitFor(() => expect(shown.at(-1)).toMatchObject({ state, sizeBytes: size }));
  }
});
