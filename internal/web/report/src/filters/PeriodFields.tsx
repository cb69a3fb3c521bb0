import { type CalendarDate, parseDate } from '@internationalized/date';
import { useId } from 'react';
import {
  Button,
  Calendar,
  CalendarCell,
  CalendarGrid,
  CalendarGridBody,
  CalendarGridHeader,
  CalendarHeaderCell,
  DateInput,
  DatePicker,
  DateSegment,
  Dialog,
  Group,
  Heading,
  Label,
  Popover,
} from 'react-aria-components';

import type { PeriodPreset } from '../api/generated/graphql';
import { Icon } from '../design/Icon';
import { useLocale } from '../locale';
import { changeDraft, useDraft } from './draft';

/** “Data”: the presets; “Od” and “Do”: days of one's own. Choosing the one leaves the other. */
export function PeriodFields({ error, zoneError }: { error?: string; zoneError?: string }) {
  const { words } = useLocale();
  const { period, timeZone } = useDraft();
  const id = useId();
  const range = 'from' in period ? period : { from: '', to: '' };
  const preset = 'preset' in period ? period.preset : null;
  return (
    <>
      <fieldset className="field">
        <legend className="field-label presets-legend">{words.filters.preset}</legend>
        <div className="presets">
          {(Object.entries(words.presets) as [PeriodPreset, string][]).map(([value, name]) => (
            <label key={value} className="preset">
              <input
                type="radio"
                name={`${id}-preset`}
                value={value}
                checked={preset === value}
                onChange={() => changeDraft({ period: { preset: value } })}
              />
              <span>{name}</span>
            </label>
          ))}
        </div>
      </fieldset>
      <div className="field" role="group" aria-describedby={error ? `${id}-error` : undefined}>
        <div className="pair">
          <Day
            label={words.filters.from}
            value={range.from}
            invalid={error !== undefined}
            onChange={(from) => changeDraft({ period: { ...range, from } })}
          />
          <Day
            label={words.filters.to}
            value={range.to}
            invalid={error !== undefined}
            onChange={(to) => changeDraft({ period: { ...range, to } })}
          />
        </div>
        {error && (
          <span className="field-error" id={`${id}-error`}>
            {error}
          </span>
        )}
        {timeZone && (
          <span className={zoneError ? 'field-error' : 'field-hint'}>
            {words.filters.timeZone}: {timeZone} {zoneError}
          </span>
        )}
      </div>
    </>
  );
}

function Day({
  label,
  value,
  invalid,
  onChange,
}: {
  label: string;
  value: string;
  invalid: boolean;
  onChange: (day: string) => void;
}) {
  const { words } = useLocale();
  return (
    <DatePicker
      className="field"
      value={parsed(value)}
      isInvalid={invalid}
      shouldForceLeadingZeros
      onChange={(day) => onChange(day?.toString() ?? '')}>
      <Label className="field-label">{label}</Label>
      <Group className="input day">
        <DateInput className="segments">{(segment) => <DateSegment segment={segment} className="segment" />}</DateInput>
        <Button className="day-button" aria-label={`${label}: ${words.filters.calendar}`}>
          <Icon name="calendar" />
        </Button>
      </Group>
      <Popover className="popover" placement="bottom start" offset={4}>
        <Dialog className="calendar-dialog" aria-label={`${label}: ${words.filters.calendar}`}>
          <Calendar className="calendar">
            <header className="calendar-head">
              <Button slot="previous" className="icon-button icon-button-small" aria-label={words.filters.previousMonth}>
                <Icon name="left" />
              </Button>
              <Heading className="calendar-title" />
              <Button slot="next" className="icon-button icon-button-small" aria-label={words.filters.nextMonth}>
                <Icon name="right" />
              </Button>
            </header>
            <CalendarGrid weekdayStyle="short">
              <CalendarGridHeader>
                {(day) => <CalendarHeaderCell className="calendar-weekday">{day}</CalendarHeaderCell>}
              </CalendarGridHeader>
              <CalendarGridBody>{(date) => <CalendarCell date={date} className="calendar-day" />}</CalendarGridBody>
            </CalendarGrid>
          </Calendar>
        </Dialog>
      </Popover>
    </DatePicker>
  );
}

function parsed(value: string): CalendarDate | null {
  try {
    return value ? parseDate(value) : null;
  } catch {
    return null;
  }
}
