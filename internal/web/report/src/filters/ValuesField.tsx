import { type ClipboardEvent, type KeyboardEvent, type ReactNode, useId, useState } from 'react';

import { Chip } from '../design/Chip';
import { useLocale } from '../locale';
import { changeDraft, useDraft } from './draft';
import { type addressNames, isAddress, keyNames, valuesOf } from './validate';

/** A criterion of values that are typed: numbers, addresses, ids of tickets. Enter adds, Backspace takes back. */
export function ValuesField({
  name,
  label,
  hint,
  error,
  locked,
  children,
}: {
  name: (typeof addressNames)[number] | (typeof keyNames)[number];
  label: string;
  hint: string;
  error?: string;
  /** Why one may not set it; left out for those who may. */
  locked?: string;
  /** What else belongs to the criterion, under it. */
  children?: ReactNode;
}) {
  const { words } = useLocale();
  const values = useDraft()[name];
  const [text, setText] = useState('');
  const id = useId();

  const add = (raw: string) => {
    const added = valuesOf(raw);
    setText('');
    if (added.length > 0) changeDraft({ [name]: [...new Set([...values, ...added])] });
  };
  const remove = (value: string) => changeDraft({ [name]: values.filter((other) => other !== value) });

  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === 'Enter' && text.trim()) {
      event.preventDefault();
      add(text);
    } else if ((event.key === ',' || event.key === ';') && text.trim()) {
      event.preventDefault();
      add(text);
    } else if (event.key === 'Backspace' && text === '' && values.length > 0) {
      event.preventDefault();
      setText(values.at(-1)!);
      remove(values.at(-1)!);
    }
  };
  const onPaste = (event: ClipboardEvent<HTMLInputElement>) => {
    const pasted = event.clipboardData.getData('text');
    if (valuesOf(pasted).length < 2) return;
    event.preventDefault();
    add(pasted);
  };

  return (
    <div className="field">
      <label className="field-label" htmlFor={id}>
        {label}
      </label>
      <input
        id={id}
        className="input"
        value={text}
        placeholder={hint}
        autoComplete="off"
        spellCheck={false}
        data-invalid={error ? true : undefined}
        aria-invalid={error ? true : undefined}
        aria-describedby={(error ?? locked) ? `${id}-error` : undefined}
        disabled={locked !== undefined}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKeyDown}
        onPaste={onPaste}
        onBlur={() => add(text)}
      />
      {values.length > 0 && (
        <ul className="chips" aria-label={label}>
          {values.map((value) => (
            <Chip
              key={value}
              tone={!keyNames.some((key) => key === name) && !isAddress(value) ? 'bad' : undefined}
              removeLabel={words.filters.remove(value)}
              onRemove={() => remove(value)}>
              {value}
            </Chip>
          ))}
        </ul>
      )}
      {(error ?? locked) && (
        <span className={error ? 'field-error' : 'field-hint'} id={`${id}-error`}>
          {error ?? locked}
        </span>
      )}
      {children}
    </div>
  );
}
