import './filters.css';

import { useId, useState } from 'react';

import type { Criteria } from '../report/criteria';
import { blank, durationNames, sameCriteria } from '../report/criteria';
import type { Scope } from '../api/generated/graphql';
import { Button } from '../design/Button';
import { useLocale } from '../locale';
import { setDraft, useDraft } from './draft';
import { DurationField } from './DurationField';
import { FlagField } from './FlagField';
import { HoursFields } from './HoursFields';
import { ListField } from './ListField';
import { PeriodFields } from './PeriodFields';
import { StatusField } from './StatusField';
import { type FieldErrors, validate } from './validate';
import { ValuesField } from './ValuesField';
import { WordsField } from './WordsField';

/** The filter: what it holds is shown by “Pokaż”, not before. */
export function FilterPanel({
  shown,
  refused,
  scopes,
  onShow,
}: {
  /** What the table shows; null for nothing yet. */
  shown: Criteria | null;
  /** What the server said against what is shown. */
  refused: FieldErrors;
  scopes: ReadonlySet<Scope>;
  onShow: (criteria: Criteria) => void;
}) {
  const locale = useLocale();
  const { words, format } = locale;
  const draft = useDraft();
  const [tried, setTried] = useState(false);
  /** The draft that was not finished when it was to be shown. */
  const [unfinishedDraft, setUnfinishedDraft] = useState<Criteria | null>(null);
  const unfinished = unfinishedDraft === draft;
  const hint = useId();

  const wrong = validate(draft, locale);
  const incomplete = 'from' in draft.period && !(draft.period.from && draft.period.to);
  if (incomplete && !tried) delete wrong.period;
  const unchanged = shown !== null && sameCriteria(draft, shown);
  const errors: FieldErrors = { ...(unchanged && refused), ...wrong };
  const faulty = Object.keys(errors).length;

  // The API refuses to look contacts up by what it does not show whole.
  const locked = scopes.has('CONTACTS_ADDRESSES') ? undefined : words.filters.addressesLocked;

  const show = (form: HTMLFormElement) => {
    setTried(true);
    const gap = firstGap(form);
    setUnfinishedDraft(gap && draft);
    if (gap) return gap.focus();
    if (Object.keys(validate(draft, locale)).length > 0) return;
    setTried(false);
    onShow(draft);
  };
  const clear = () => {
    setTried(false);
    setUnfinishedDraft(null);
    setDraft(blank);
  };

  return (
    <form
      className="filters"
      aria-label={words.filters.title}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        show(event.currentTarget);
      }}>
      <div className="filters-fields">
        <section className="filters-section">
          <ListField name="agentIds" label={words.filters.agents} none={words.filters.everyone} error={errors.agentIds} />
          <ListField
            name="agentGroupIds"
            label={words.filters.agentGroups}
            none={words.filters.all}
            error={errors.agentGroupIds}
          />
          <ListField name="campaignIds" label={words.filters.campaigns} none={words.filters.all} error={errors.campaignIds}>
            <FlagField name="outsideCampaign" label={words.filters.outsideCampaign} />
          </ListField>
        </section>
        <section className="filters-section" aria-labelledby={`${hint}-rest`}>
          <h2 id={`${hint}-rest`} className="filters-head">
            {words.filters.rest}
          </h2>
          <PeriodFields error={errors.period} zoneError={errors.timeZone} />
          <HoursFields error={errors.hours} />
          <ValuesField
            name="addresses"
            label={words.filters.client}
            hint={words.filters.addressHint}
            error={errors.addresses}
            locked={locked}
          />
          <ValuesField
            name="destinationAddresses"
            label={words.filters.destination}
            hint={words.filters.addressHint}
            error={errors.destinationAddresses}
            locked={locked}>
            <FlagField name="withoutDestinationAddress" label={words.filters.withoutNumber} of={words.filters.destination} />
          </ValuesField>
          <ValuesField
            name="sourceAddresses"
            label={words.filters.source}
            hint={words.filters.addressHint}
            error={errors.sourceAddresses}
            locked={locked}>
            <FlagField name="withoutSourceAddress" label={words.filters.withoutNumber} of={words.filters.source} />
          </ValuesField>
          <ValuesField
            name="externalIds"
            label={words.columns.externalId}
            hint={words.filters.ticketHint}
            error={errors.externalIds}
          />
          <ValuesField
            name="recordExternalIds"
            label={words.columns.recordId}
            hint={words.filters.ticketHint}
            error={errors.recordExternalIds}
          />
          <ValuesField name="ticketIds" label={words.filters.ticket} hint={words.filters.ticketHint} error={errors.ticketIds} />
          <StatusField error={errors.statuses}>
            <FlagField name="unfinished" label={words.filters.unfinished} hint={words.filters.unfinishedHint} />
          </StatusField>
          <WordsField name="types" label={words.filters.types} names={words.types} error={errors.types} />
          <WordsField name="outcomes" label={words.filters.outcomes} names={words.outcomes} error={errors.outcomes} />
          {durationNames.map((name) => (
            <DurationField key={name} name={name} label={words.columns[name]} error={errors[name]} />
          ))}
          <WordsField name="weekdays" label={words.filters.weekdays} names={words.weekdays} error={errors.weekdays} />
          <ListField name="siteCallIds" label={words.filters.siteCalls} none={words.filters.all} error={errors.siteCallIds} />
          <ListField name="queueIds" label={words.filters.queues} none={words.filters.all} error={errors.queueIds} />
          <ListField
            name="classifierIds"
            label={words.filters.classifiers}
            none={words.filters.all}
            error={errors.classifierIds}
          />
        </section>
      </div>
      <div className="filters-foot">
        <p id={hint} className="filters-hint" role="status">
          {unfinished ? (
            <span className="field-error">{words.filters.errors.unfinished}</span>
          ) : faulty > 0 && tried ? (
            <span className="field-error">{format.plural(faulty, words.filters.errors.fix)}</span>
          ) : (
            shown !== null && !unchanged && words.filters.changed
          )}
        </p>
        <div className="filters-buttons">
          <Button look="primary" type="submit" aria-describedby={hint}>
            {words.filters.show}
          </Button>
          <Button onPress={clear} isDisabled={sameCriteria(draft, blank)}>
            {words.filters.clear}
          </Button>
        </div>
      </div>
    </form>
  );
}

/**
 * The first part missing of a day or an hour that was begun and not finished: such a value counts as none, so it would
 * be ignored without a word.
 */
function firstGap(form: HTMLFormElement): HTMLElement | null {
  for (const value of form.querySelectorAll('.segments')) {
    const parts = [...value.querySelectorAll<HTMLElement>('[role="spinbutton"]')];
    const gaps = parts.filter((part) => part.hasAttribute('data-placeholder'));
    if (gaps.length > 0 && gaps.length < parts.length) return gaps[0]!;
  }
  return null;
}
