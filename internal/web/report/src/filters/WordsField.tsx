import { useState } from 'react';

import { useLocale } from '../locale';
import type { Lists } from '../report/criteria';
import { changeDraft, useDraft } from './draft';
import { Picker } from './Picker';

const plain = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').replaceAll('ł', 'l').toLowerCase();

/** A choice of values that the page knows all of, each by its word: such as “Typ” and “Wynik”. */
export function WordsField<Name extends 'types' | 'outcomes' | 'weekdays'>({
  name,
  label,
  names,
  error,
}: {
  name: Name;
  label: string;
  names: Record<Lists[Name][number], string>;
  error?: string;
}) {
  const { words } = useLocale();
  const value: string[] = useDraft()[name];
  const [open, setOpen] = useState(false);
  const [search, setSearch] = useState('');
  const known = names as Record<string, string>;
  const items = Object.entries(known)
    .filter(([, word]) => plain(word).includes(plain(search.trim())))
    .map(([id, word]) => ({ id, name: word }));
  return (
    <Picker
      label={label}
      none={words.filters.all}
      value={value}
      error={error}
      onChange={(chosen) => changeDraft({ [name]: chosen })}
      items={items}
      total={items.length}
      state="ready"
      search={search}
      onSearch={setSearch}
      open={open}
      all={() => Promise.resolve(items.map((item) => item.id))}
      nameOf={(id) => (id in known ? { name: known[id]! } : null)}
      onOpen={(next) => {
        setOpen(next);
        if (!next) setSearch('');
      }}
    />
  );
}
