import type { SourceShown } from './documents';

/** How a source stands: never followed, followed within a minute, or behind. */
export type Following = 'never' | 'current' | 'behind';

/** A follower that is further behind than this many seconds does not keep up, or does not run. */
const behindAfter = 60;

export function followingOf({ lagSeconds }: Pick<SourceShown, 'lagSeconds'>): Following {
  if (lagSeconds == null) return 'never';
  return lagSeconds > behindAfter ? 'behind' : 'current';
}

/** How many calls of a source came to no contact. */
export function callsWithoutContact({ withoutContact }: Pick<SourceShown, 'withoutContact'>): number {
  return withoutContact.reduce((total, { calls }) => total + calls, 0);
}
