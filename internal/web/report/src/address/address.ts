import { useSyncExternalStore } from 'react';

import { type Place, read, write } from './codec';

let place = read(location.hash);
const listeners = new Set<() => void>();

function tell(): void {
  for (const listener of listeners) listener();
}

// Back, forward, and an address typed or pasted by hand.
addEventListener('popstate', () => {
  place = read(location.hash);
  tell();
});

/** What the address says. */
export function usePlace(): Place {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => place,
  );
}

export function currentPlace(): Place {
  return place;
}

/** Changes the address: a step to go back from, or in place of what is there. */
export function go(change: Partial<Place>, how: 'push' | 'replace' = 'push'): void {
  place = { ...place, ...change };
  const fragment = write(place);
  const address = location.pathname + (fragment ? `#${fragment}` : '');
  if (address !== location.pathname + location.hash) {
    history[how === 'push' ? 'pushState' : 'replaceState'](null, '', address);
  }
  tell();
}
