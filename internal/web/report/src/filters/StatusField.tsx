import type { ReactNode } from 'react';
import { CheckboxGroup, Label } from 'react-aria-components';

import type { ContactStatus } from '../api/generated/graphql';
import { Checkbox } from '../design/Checkbox';
import { useLocale } from '../locale';
import { changeDraft, useDraft } from './draft';

/** The statuses, each a box of its own: there are few. What else is asked of them stands below. */
export function StatusField({ error, children }: { error?: string; children?: ReactNode }) {
  const { words } = useLocale();
  const { statuses } = useDraft();
  return (
    <div className="field">
      <CheckboxGroup
        className="field"
        value={statuses}
        isInvalid={error !== undefined}
        onChange={(value) => changeDraft({ statuses: value as ContactStatus[] })}>
        <Label className="field-label">{words.filters.statuses}</Label>
        <div className="statuses">
          {(Object.entries(words.statuses) as [ContactStatus, string][]).map(([status, name]) => (
            <Checkbox key={status} value={status}>
              {name}
            </Checkbox>
          ))}
        </div>
        {error && <span className="field-error">{error}</span>}
      </CheckboxGroup>
      {children}
    </div>
  );
}
