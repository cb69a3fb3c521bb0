import { place } from '../address/address';
import { blank, type Criteria } from '../report/criteria';
import { createStoredStore, parseJSON, useStore } from '../state/store';

/** The criteria of the address that the panel follows. */
let shown = place.get().criteria;

/**
 * What the filter panel holds, shown or not. It is kept for the tab, so that neither an expired session nor the way to
 * the provider and back loses it.
 */
const draft = createStoredStore<Criteria>(sessionStorage, 'kontakty.draft', {
  read: (text) => {
    if (shown) return shown;
    const kept = parseJSON(text);
    return kept && typeof kept === 'object' && 'period' in kept ? { ...blank, ...(kept as Partial<Criteria>) } : blank;
  },
  write: (value) => (value === blank ? null : JSON.stringify(value)),
});

export function useDraft(): Criteria {
  return useStore(draft);
}

export function setDraft(next: Criteria): void {
  draft.set(next);
}

export function changeDraft(change: Partial<Criteria>): void {
  draft.set({ ...draft.get(), ...change });
}

// A report named by the address, such as after back and forward, is what the panel holds.
place.subscribe(() => {
  const { criteria } = place.get();
  if (criteria && criteria !== shown) draft.set(criteria);
  shown = criteria;
});
