import { Client, type Exchange, fetchExchange, subscriptionExchange } from '@urql/core';
import { cacheExchange } from '@urql/exchange-graphcache';
import { createClient as createStreams } from 'graphql-sse';

import { language } from '../locale/language';
import { lost, reached } from './connection';
import { credentials, refusedCredentials } from './credentials';

export const endpoint = document.getElementById('report')?.dataset.endpoint ?? '/graphql';

function headers(): Record<string, string> {
  const token = credentials.get()?.token;
  return {
    accept: 'application/graphql-response+json, application/json;q=0.9',
    'accept-language': language.get(),
    ...(token ? { authorization: `Bearer ${token}` } : {}),
  };
}

/** fetch as the signed-in principal; a token that is no longer taken ends the session. */
export const authorizedFetch: typeof fetch = async (input, init) => {
  const asked = credentials.get();
  let response: Response;
  try {
    response = await fetch(input, { ...init, headers: { ...init?.headers, ...headers() } });
  } catch (error) {
    if (!init?.signal?.aborted) lost();
    throw error;
  }
  // A gateway in front of a server that is away, or the server itself while it starts.
  const answered = response.headers.get('content-type')?.includes('json');
  if (!answered && response.status >= 502) lost();
  else reached();
  // A late answer to a token that was replaced meanwhile says nothing about the new one.
  if (response.status === 401 && asked === credentials.get()) refusedCredentials.set(asked);
  return response;
};

const streams = createStreams({
  url: endpoint,
  headers: () => {
    const { accept: _, ...rest } = headers();
    return rest;
  },
  retryAttempts: 10,
});

/**
 * Everything but the pages of the table: normalised, so that a download's progress shows wherever it is listed. Answers go
 * through the exchange before they are kept.
 */
export function createNormalisedClient(answers: Exchange): Client {
  return new Client({
    url: endpoint,
    preferGetMethod: false,
    fetch: authorizedFetch,
    exchanges: [
      cacheExchange({
        keys: {
          PageInfo: () => null,
          ResolvedPeriodInfo: () => null,
          SignificantFieldInfo: () => null,
          IvrStep: () => null,
          RecordingInfo: () => null,
          EmailInfo: () => null,
          AttachmentInfo: () => null,
          ChatInfo: () => null,
          ChatMessageInfo: () => null,
          SmsInfo: () => null,
          DownloadProgressInfo: () => null,
          DownloadError: () => null,
          ContactFilterInfo: () => null,
          PeriodInfo: () => null,
          DateRangeInfo: () => null,
          HoursInfo: () => null,
          ExportPreviewInfo: () => null,
          ExportWarningInfo: () => null,
          Viewer: () => null,
          SourceSummary: () => null,
          CallsWithoutContactCount: () => null,
          AgentConnection: () => null,
          AgentGroupConnection: () => null,
          CampaignConnection: () => null,
          QueueConnection: () => null,
          ClassifierConnection: () => null,
          SiteCallConnection: () => null,
          ContactConnection: () => null,
          DownloadConnection: () => null,
        },
        updates: {
          Mutation: {
            exportContacts: (_result, _args, cache) => cache.invalidate('Query', 'downloads'),
            deleteDownload: (_result, _args, cache) => cache.invalidate('Query', 'downloads'),
          },
        },
      }),
      answers,
      subscriptionExchange({
        forwardSubscription: (request) => ({
          subscribe: (sink) => ({
            unsubscribe: streams.subscribe({ query: request.query ?? '', variables: request.variables ?? {} }, sink as never),
          }),
        }),
      }),
      fetchExchange,
    ],
  });
}

/** The pages of the table: they are kept by the table itself, which lets go of those far away. */
export function createPageClient(): Client {
  return new Client({ url: endpoint, preferGetMethod: false, fetch: authorizedFetch, exchanges: [fetchExchange] });
}
