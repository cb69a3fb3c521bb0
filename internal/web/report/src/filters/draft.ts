import { useSyncExternalStore } from 'react';

import { currentPlace } from '../address/address';
import { blank, type Criteria } from '../address/criteria';

/**
 * What the filter panel holds, shown or not. It is kept for the tab, so that neither an expired session nor the way to
 * the provider and back loses it.
 */
const storageKey = 'kontakty.draft';

let draft: Criteria = currentPlace().criteria ?? restored() ?? blank;
const listeners = new Set<() => void>();

function restored(): Criteria | null {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(storageKey) ?? 'null');
    return kept && typeof kept === 'object' && 'period' in kept ? { ...blank, ...(kept as Partial<Criteria>) } : null;
  } catch {
    return null;
  }
}

export function currentDraft(): Criteria {
  return draft;
}

export function setDraft(next: Criteria): void {
  draft = next;
  sessionStorage.setItem(storageKey, JSON.stringify(next));
  for (const listener of listeners) listener();
}

export function changeDraft(change: Partial<Criteria>): void {
  setDraft({ ...draft, ...change });
}

export function forgetDraft(): void {
  draft = blank;
  sessionStorage.removeItem(storageKey);
  for (const listener of listeners) listener();
}

// Back and forward show another report: the panel says which.
addEventListener('popstate', () => {
  const { criteria } = currentPlace();
  if (criteria) setDraft(criteria);
});

export function useDraft(): Criteria {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => draft,
  );
}
