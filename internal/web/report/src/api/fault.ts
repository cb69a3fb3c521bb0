import { CombinedError } from '@urql/core';

/** What went wrong, in the shape the page shows it: the API's own sentence where it gave one. */
export interface Fault {
  /** The API's ErrorCode; OFFLINE when no answer came at all. */
  code: string;
  /** The argument that is wrong, such as `filter.period.range.to`; null for none. */
  field: string | null;
  /** A sentence for people, in the page's language; empty when the API gave none. */
  message: string;
  /** The path of the answer that is missing because of it; null for the whole answer. */
  path: readonly (string | number)[] | null;
  /** Seconds after which to try again, where the server said so. */
  retryAfter?: number;
}

/** The faults of an answer, one for each error; empty for none. */
export function faultsOf(error: CombinedError | Error | undefined): Fault[] {
  if (!error) return [];
  if (!(error instanceof CombinedError)) return [offline];
  const pause = Number((error.response as Response | undefined)?.headers.get('retry-after') ?? undefined);
  if (error.graphQLErrors.length > 0) {
    return error.graphQLErrors.map((one) => ({
      code: typeof one.extensions?.code === 'string' ? one.extensions.code : 'INTERNAL',
      field: typeof one.extensions?.field === 'string' ? one.extensions.field : null,
      message: one.message,
      path: one.path ?? null,
      ...(pause > 0 && { retryAfter: pause }),
    }));
  }
  return [offline];
}

const offline: Fault = { code: 'OFFLINE', field: null, message: '', path: null };
