import { createStoredStore, useStore } from '../state/store';

export type Theme = 'system' | 'light' | 'dark';

/** Light or dark in this browser; the system's own choice unless told. */
export const theme = createStoredStore<Theme>(localStorage, 'kontakty.theme', {
  read: (text) => (text === 'light' || text === 'dark' ? text : 'system'),
  write: (value) => value,
});

function apply(): void {
  if (theme.get() === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme.get();
}

apply();
theme.subscribe(apply);

export function useTheme(): Theme {
  return useStore(theme);
}
