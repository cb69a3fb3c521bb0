import { useState } from 'react';

import type { ContactType } from '../api/generated/graphql';
import { useLocale } from '../locale';
import { changeDraft, useDraft } from './draft';
import { Picker } from './Picker';

const plain = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').replaceAll('ł', 'l').toLowerCase();

/** “Typ”: the kinds of contacts, all of them known to the page. */
export function TypeField({ error }: { error?: string }) {
  const { words } = useLocale();
  const { types } = useDraft();
  const [open, setOpen] = useState(false);
  const [search, setSearch] = useState('');
  const items = (Object.entries(words.types) as [ContactType, string][])
    .filter(([, name]) => plain(name).includes(plain(search.trim())))
    .map(([id, name]) => ({ id, name }));
  return (
    <Picker
      label={words.filters.types}
      none={words.filters.all}
      value={types}
      error={error}
      onChange={(value) => changeDraft({ types: value as ContactType[] })}
      items={items}
      total={items.length}
      state="ready"
      search={search}
      onSearch={setSearch}
      open={open}
      all={() => Promise.resolve(items.map((item) => item.id))}
      nameOf={(id) => (id in words.types ? { name: words.types[id as ContactType] } : null)}
      onOpen={(next) => {
        setOpen(next);
        if (!next) setSearch('');
      }}
    />
  );
}
