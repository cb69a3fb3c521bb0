import { columnFacts, type ColumnId, columns, firstColumns, isColumn } from '../report/columns';
import { createStoredStore, parseJSON, useStore } from '../state/store';

/** How this browser's user likes the table: which columns, in which order, how wide. */
interface Preferences {
  shown: readonly ColumnId[];
  widths: Readonly<Partial<Record<ColumnId, number>>>;
}

export const minWidth = 64;
export const maxWidth = 800;

const preferences = createStoredStore<Preferences>(localStorage, 'kontakty.columns', {
  read: (text) => {
    const { shown, widths } = (parseJSON(text) ?? {}) as Partial<Preferences>;
    const known = Array.isArray(shown) ? shown.filter(isColumn) : [];
    if (known.length === 0) return { shown: firstColumns, widths: {} };
    return { shown: [...new Set(known)], widths: widths ?? {} };
  },
  write: JSON.stringify,
});

function change(next: Partial<Preferences>): void {
  preferences.set({ ...preferences.get(), ...next });
}

export function rememberColumns(shown: readonly ColumnId[]): void {
  change({ shown });
}

export function resizeColumn(id: ColumnId, width: number): void {
  change({ widths: { ...preferences.get().widths, [id]: Math.round(Math.min(maxWidth, Math.max(minWidth, width))) } });
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
  return useStore(preferences);
}
