import { useSyncExternalStore } from 'react';

import { columnFacts, type ColumnId, columns, firstColumns, isColumn } from './columns';

/** How this browser's user likes the table: which columns, in which order, how wide. */
interface Preferences {
  shown: readonly ColumnId[];
  widths: Readonly<Partial<Record<ColumnId, number>>>;
}

const storageKey = 'kontakty.columns';
export const narrowest = 64;
export const widest = 800;

let preferences: Preferences = restored();
const listeners = new Set<() => void>();

function restored(): Preferences {
  const first: Preferences = { shown: firstColumns, widths: {} };
  try {
    const kept = JSON.parse(localStorage.getItem(storageKey) ?? 'null') as Partial<Preferences> | null;
    const shown = (kept?.shown ?? []).filter((id) => isColumn(id));
    return shown.length > 0 ? { shown: [...new Set(shown)], widths: kept?.widths ?? {} } : first;
  } catch {
    return first;
  }
}

function change(next: Partial<Preferences>): void {
  preferences = { ...preferences, ...next };
  localStorage.setItem(storageKey, JSON.stringify(preferences));
  for (const listener of listeners) listener();
}

/** The columns that this browser remembers. */
export function rememberedColumns(): readonly ColumnId[] {
  return preferences.shown;
}

export function rememberColumns(shown: readonly ColumnId[]): void {
  change({ shown });
}

export function resizeColumn(id: ColumnId, width: number): void {
  change({ widths: { ...preferences.widths, [id]: Math.round(Math.min(widest, Math.max(narrowest, width))) } });
}

export function forgetWidths(): void {
  change({ widths: {} });
}

/** The widths of all columns in pixels. */
export function useWidths(): Record<ColumnId, number> {
  const { widths } = usePreferences();
  return Object.fromEntries(columns.map(({ id }) => [id, widths[id] ?? columnFacts(id).width])) as Record<ColumnId, number>;
}

export function usePreferences(): Preferences {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => preferences,
  );
}
