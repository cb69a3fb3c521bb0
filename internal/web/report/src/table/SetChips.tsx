import { useMemo } from 'react';

import {
  blank,
  type Bounds,
  type Criteria,
  durationNames,
  type FlagName,
  flagNames,
  type ListName,
  listNames,
} from '../report/criteria';
import type { Fault } from '../api/fault';
import type { ContactOutcome, ContactStatus, ContactType, Weekday } from '../api/generated/graphql';
import { useNames } from '../api/names';
import { Chip } from '../design/Chip';
import { useLocale } from '../locale';

/** So many values of one criterion have a chip each; more share one. */
const apart = 3;

const named = new Set<ListName>([
  'agentIds',
  'agentGroupIds',
  'campaignIds',
  'siteCallIds',
  'queueIds',
  'classifierIds',
  'recordIds',
  'contactIds',
]);

/** Bounds of seconds as a chip shows them. */
function spanOf({ atLeast, atMost }: Bounds): string {
  if (!atMost) return `≥ ${atLeast} s`;
  return atLeast ? `${atLeast}–${atMost} s` : `≤ ${atMost} s`;
}

/** What the shown report is narrowed down to, each criterion removable. */
export function SetChips({
  criteria,
  faults,
  onShow,
}: {
  criteria: Criteria;
  faults: readonly Fault[];
  onShow: (criteria: Criteria) => void;
}) {
  const { words, format } = useLocale();
  const ids = useMemo(
    () => listNames.filter((name) => named.has(name)).flatMap((name) => criteria[name] as string[]),
    [criteria],
  );
  const nameOf = useNames(ids);
  const kinds: Record<ListName, string> = {
    agentIds: words.filters.agents,
    agentGroupIds: words.filters.agentGroups,
    campaignIds: words.filters.campaigns,
    types: words.filters.types,
    statuses: words.filters.statuses,
    outcomes: words.filters.outcomes,
    weekdays: words.filters.weekdays,
    sourceAddresses: words.filters.source,
    destinationAddresses: words.filters.destination,
    addresses: words.filters.client,
    externalIds: words.columns.externalId,
    recordExternalIds: words.columns.recordId,
    ticketIds: words.filters.ticket,
    siteCallIds: words.filters.siteCalls,
    queueIds: words.filters.queues,
    classifierIds: words.filters.classifiers,
    recordIds: words.filters.records,
    contactIds: words.filters.contacts,
  };
  const flags: Record<FlagName, string> = {
    outsideCampaign: words.filters.outsideCampaign,
    withoutSourceAddress: words.filters.withoutSource,
    withoutDestinationAddress: words.filters.withoutDestination,
    unfinished: words.filters.unfinished,
  };
  const textOf = (list: ListName, value: string) => {
    if (list === 'types') return words.types[value as ContactType] ?? value;
    if (list === 'statuses') return words.statuses[value as ContactStatus] ?? value;
    if (list === 'outcomes') return words.outcomes[value as ContactOutcome] ?? value;
    if (list === 'weekdays') return words.weekdays[value as Weekday] ?? value;
    if (!named.has(list)) return value;
    const name = nameOf(value);
    return name === undefined ? '…' : (name?.name ?? words.filters.unknown);
  };
  const isFaulty = (list: ListName, i: number) => faults.some(({ field }) => field === `filter.${list}[${i}]`);

  const chips = [];
  const { hoursFrom, hoursTo, timeZone } = criteria;
  if (hoursFrom || hoursTo) {
    const text = `${hoursFrom || '0:00'}–${hoursTo || '24:00'}`;
    chips.push(
      <Chip
        key="hours"
        removeLabel={words.filters.remove(text)}
        onRemove={() => onShow({ ...criteria, hoursFrom: '', hoursTo: '' })}>
        {text}
      </Chip>,
    );
  }
  if (timeZone) {
    chips.push(
      <Chip
        key="zone"
        kind={words.filters.timeZone}
        removeLabel={words.filters.remove(timeZone)}
        onRemove={() => onShow({ ...criteria, timeZone: '' })}>
        {timeZone}
      </Chip>,
    );
  }
  for (const flag of flagNames.filter((name) => criteria[name])) {
    chips.push(
      <Chip key={flag} removeLabel={words.filters.remove(flags[flag])} onRemove={() => onShow({ ...criteria, [flag]: false })}>
        {flags[flag]}
      </Chip>,
    );
  }
  for (const name of durationNames.filter((one) => criteria[one].atLeast || criteria[one].atMost)) {
    const text = spanOf(criteria[name]);
    chips.push(
      <Chip
        key={name}
        kind={words.columns[name]}
        tone={faults.some(({ field }) => field?.startsWith(`filter.${name}`)) ? 'bad' : undefined}
        removeLabel={words.filters.remove(`${words.columns[name]} ${text}`)}
        onRemove={() => onShow({ ...criteria, [name]: blank[name] })}>
        {text}
      </Chip>,
    );
  }
  for (const list of listNames) {
    const values = criteria[list] as string[];
    if (values.length > apart) {
      const text = `${kinds[list]}: ${format.number(values.length)}`;
      chips.push(
        <Chip key={list} removeLabel={words.filters.remove(text)} onRemove={() => onShow({ ...criteria, [list]: [] })}>
          {text}
        </Chip>,
      );
      continue;
    }
    values.forEach((value, i) => {
      const text = textOf(list, value);
      chips.push(
        <Chip
          key={`${list}-${value}`}
          kind={kinds[list]}
          tone={isFaulty(list, i) ? 'bad' : undefined}
          removeLabel={words.filters.remove(text)}
          onRemove={() => onShow({ ...criteria, [list]: values.filter((other) => other !== value) })}>
          {text}
        </Chip>,
      );
    });
  }
  if (chips.length === 0) return null;
  return (
    <ul className="chips set-chips" aria-label={words.filters.set}>
      {chips}
    </ul>
  );
}
