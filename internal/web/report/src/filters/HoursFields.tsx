import { parseTime, type Time } from '@internationalized/date';
import { useId } from 'react';
import { DateInput, DateSegment, Label, TimeField } from 'react-aria-components';

import { useLocale } from '../locale';
import { changeDraft, useDraft } from './draft';

/** “Godzina od” and “Godzina do”: a window of each day, which may pass midnight. */
export function HoursFields({ error }: { error?: string }) {
  const { words } = useLocale();
  const { hoursFrom, hoursTo } = useDraft();
  const id = useId();
  return (
    <div className="field" role="group" aria-describedby={`${id}-note`}>
      <div className="pair">
        <Hour
          label={words.filters.hoursFrom}
          value={hoursFrom}
          invalid={error !== undefined}
          onChange={(time) => changeDraft({ hoursFrom: time })}
        />
        <Hour
          label={words.filters.hoursTo}
          value={hoursTo}
          invalid={error !== undefined}
          onChange={(time) => changeDraft({ hoursTo: time })}
        />
      </div>
      <span id={`${id}-note`} className={error ? 'field-error' : 'field-hint'}>
        {error ?? (hoursFrom && hoursTo && hoursFrom > hoursTo ? words.filters.overMidnight : null)}
      </span>
    </div>
  );
}

function Hour({
  label,
  value,
  invalid,
  onChange,
}: {
  label: string;
  value: string;
  invalid: boolean;
  onChange: (time: string) => void;
}) {
  return (
    <TimeField
      className="field"
      value={parsed(value)}
      isInvalid={invalid}
      hourCycle={24}
      shouldForceLeadingZeros
      onChange={(time) => onChange(time ? time.toString().slice(0, 5) : '')}>
      <Label className="field-label">{label}</Label>
      <DateInput className="input segments">{(segment) => <DateSegment segment={segment} className="segment" />}</DateInput>
    </TimeField>
  );
}

function parsed(value: string): Time | null {
  try {
    return value ? parseTime(value) : null;
  } catch {
    return null;
  }
}
