import { type ReactNode, useState } from 'react';

import { useNames } from '../api/names';
import { Checkbox } from '../design/Checkbox';
import { useLocale } from '../locale';
import { changeDraft, useDraft } from './draft';
import type { ListedName } from './lists';
import { Picker } from './Picker';
import { useList } from './useList';

/** A criterion that chooses from a list of the API. Agents have a box that brings in the deleted ones. */
export function ListField({
  name,
  label,
  none,
  error,
  children,
}: {
  name: ListedName;
  label: string;
  none: string;
  error?: string;
  children?: ReactNode;
}) {
  const { words } = useLocale();
  const draft = useDraft();
  const [open, setOpen] = useState(false);
  const [search, setSearch] = useState('');
  const [includeDeleted, setIncludeDeleted] = useState(false);
  const list = useList(name, { open, search, includeDeleted });
  const nameOf = useNames(draft[name]);
  return (
    <Picker
      label={label}
      none={none}
      value={draft[name]}
      onChange={(value) => changeDraft({ [name]: value })}
      error={error}
      {...list}
      search={search}
      onSearch={setSearch}
      open={open}
      nameOf={nameOf}
      beside={name === 'campaignIds' && draft.outsideCampaign ? words.filters.outsideCampaign : undefined}
      onOpen={(next) => {
        setOpen(next);
        if (!next) setSearch('');
      }}>
      {name === 'agentIds' ? (
        <Checkbox isSelected={includeDeleted} onChange={setIncludeDeleted}>
          {words.filters.includeDeleted}
        </Checkbox>
      ) : (
        children
      )}
    </Picker>
  );
}
