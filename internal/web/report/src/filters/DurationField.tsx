import { useId } from 'react';

import { useLocale } from '../locale';
import type { DurationName } from '../report/criteria';
import { changeDraft, useDraft } from './draft';

/** The bounds of a duration in seconds, of which either may be left open. */
export function DurationField({ name, label, error }: { name: DurationName; label: string; error?: string }) {
  const { words } = useLocale();
  const bounds = useDraft()[name];
  const id = useId();
  const input = (bound: keyof typeof bounds, word: string) => (
    <label className="field">
      <span className="field-hint">{word}</span>
      <input
        className="input"
        inputMode="numeric"
        autoComplete="off"
        value={bounds[bound]}
        aria-label={`${label} ${word}`}
        aria-invalid={error !== undefined}
        aria-describedby={error ? `${id}-error` : undefined}
        onChange={(event) => changeDraft({ [name]: { ...bounds, [bound]: event.target.value.trim() } })}
      />
    </label>
  );
  return (
    <div className="field" role="group" aria-labelledby={`${id}-label`}>
      <span id={`${id}-label`} className="field-label">
        {label}
      </span>
      <div className="pair">
        {input('atLeast', words.filters.atLeast)}
        {input('atMost', words.filters.atMost)}
      </div>
      {error && (
        <span id={`${id}-error`} className="field-error">
          {error}
        </span>
      )}
    </div>
  );
}
