import { createStore, type Store, useStore } from '../state/store';
import { type Place, read, write } from './codec';

const current = createStore(read(location.hash));

/** What the address says. */
export const place: Pick<Store<Place>, 'get' | 'subscribe'> = current;

export function usePlace(): Place {
  return useStore(place);
}

// Back, forward, and an address typed or pasted by hand.
addEventListener('popstate', () => current.set(read(location.hash)));

/** Changes the address: a step to go back from, or in place of what is there. */
export function navigate(change: Partial<Place>, how: 'push' | 'replace' = 'push'): void {
  const next = { ...place.get(), ...change };
  const fragment = write(next);
  const address = location.pathname + (fragment ? `#${fragment}` : '');
  if (address !== location.pathname + location.hash) {
    history[how === 'push' ? 'pushState' : 'replaceState'](null, '', address);
  }
  current.set(next);
}

/** Puts a fragment in place of the whole address, such as after a visit to the provider. */
export function replaceFragment(fragment: string): void {
  history.replaceState(null, '', location.pathname + fragment);
  current.set(read(fragment));
}
