import type { ContactFilter, ContactOutcome, ContactStatus, ContactType, PeriodPreset, Weekday } from '../api/generated/graphql';

/** The days of a report: a preset, or two days `YYYY-MM-DD`, empty while they are not given. */
export type Period = { preset: PeriodPreset } | { from: string; to: string };

/** The lists of values that a filter may hold. Names of things are the API's ids. */
export interface Lists {
  agentIds: string[];
  agentGroupIds: string[];
  campaignIds: string[];
  types: ContactType[];
  statuses: ContactStatus[];
  outcomes: ContactOutcome[];
  weekdays: Weekday[];
  sourceAddresses: string[];
  destinationAddresses: string[];
  /** Addresses of clients, in whichever role. */
  addresses: string[];
  /** The platform's own ids of contacts, of records and of tickets. */
  externalIds: string[];
  recordExternalIds: string[];
  ticketIds: string[];
  siteCallIds: string[];
  queueIds: string[];
  classifierIds: string[];
  recordIds: string[];
  contactIds: string[];
}

export type ListName = keyof Lists;

/** The criteria that are asked for or not. */
export const flagNames = ['outsideCampaign', 'withoutSourceAddress', 'withoutDestinationAddress', 'unfinished'] as const;

export type FlagName = (typeof flagNames)[number];

/** The durations that may be bounded. */
export const durationNames = ['queueTime', 'timeToAnswer', 'lostAfter', 'agentTalkTime'] as const;

export type DurationName = (typeof durationNames)[number];

/** Bounds of a duration in seconds, as they were typed; an empty one does not bound. */
export interface Bounds {
  atLeast: string;
  atMost: string;
}

const unbounded: Bounds = { atLeast: '', atMost: '' };

/** What the filter panel holds and the address carries. An empty list or text does not restrict. */
export interface Criteria extends Lists, Record<FlagName, boolean>, Record<DurationName, Bounds> {
  period: Period;
  /** Minutes of the day `HH:MM`. */
  hoursFrom: string;
  hoursTo: string;
  /** An IANA name; empty for the platform's own zone. */
  timeZone: string;
}

export const listNames: readonly ListName[] = [
  'agentIds',
  'agentGroupIds',
  'campaignIds',
  'types',
  'statuses',
  'outcomes',
  'weekdays',
  'sourceAddresses',
  'destinationAddresses',
  'addresses',
  'externalIds',
  'recordExternalIds',
  'ticketIds',
  'siteCallIds',
  'queueIds',
  'classifierIds',
  'recordIds',
  'contactIds',
];

/** The most values that the API takes in one list of a filter. */
export const maxListLength = 250;

export const blank: Criteria = {
  period: { preset: 'LAST_7_DAYS' },
  hoursFrom: '',
  hoursTo: '',
  outsideCampaign: false,
  withoutSourceAddress: false,
  withoutDestinationAddress: false,
  unfinished: false,
  queueTime: unbounded,
  timeToAnswer: unbounded,
  lostAfter: unbounded,
  agentTalkTime: unbounded,
  timeZone: '',
  agentIds: [],
  agentGroupIds: [],
  campaignIds: [],
  types: [],
  statuses: [],
  outcomes: [],
  weekdays: [],
  sourceAddresses: [],
  destinationAddresses: [],
  addresses: [],
  externalIds: [],
  recordExternalIds: [],
  ticketIds: [],
  siteCallIds: [],
  queueIds: [],
  classifierIds: [],
  recordIds: [],
  contactIds: [],
};

/** The criteria as the API takes them. */
export function toFilter(criteria: Criteria): ContactFilter {
  const { period, hoursFrom, hoursTo, timeZone } = criteria;
  const filter: Record<string, unknown> = {
    period: 'preset' in period ? { preset: period.preset } : { range: { from: period.from, to: period.to } },
  };
  if (hoursFrom || hoursTo) {
    filter.hours = { ...(hoursFrom && { from: hoursFrom }), ...(hoursTo && { to: hoursTo }) };
  }
  if (timeZone) filter.timeZone = timeZone;
  for (const name of flagNames) if (criteria[name]) filter[name] = true;
  for (const name of durationNames) {
    const { atLeast, atMost } = criteria[name];
    if (atLeast || atMost) {
      filter[name] = { ...(atLeast && { atLeast: Number(atLeast) }), ...(atMost && { atMost: Number(atMost) }) };
    }
  }
  for (const name of listNames) if (criteria[name].length > 0) filter[name] = criteria[name];
  return filter as unknown as ContactFilter;
}

/** The criteria of a filter that the API gave back, such as that of a file. */
export function fromFilter(filter: ContactFilter): Criteria {
  const lists = Object.fromEntries(listNames.map((name) => [name, [...(filter[name] ?? [])]])) as unknown as Lists;
  const flags = Object.fromEntries(flagNames.map((name) => [name, filter[name] ?? false])) as Record<FlagName, boolean>;
  const durations = Object.fromEntries(
    durationNames.map((name) => [name, { atLeast: textOf(filter[name]?.atLeast), atMost: textOf(filter[name]?.atMost) }]),
  ) as Record<DurationName, Bounds>;
  return {
    ...blank,
    ...lists,
    ...flags,
    ...durations,
    period: filter.period.range
      ? { from: filter.period.range.from, to: filter.period.range.to }
      : { preset: filter.period.preset ?? 'LAST_7_DAYS' },
    hoursFrom: filter.hours?.from ?? '',
    hoursTo: filter.hours?.to ?? '',
    timeZone: filter.timeZone ?? '',
  };
}

function textOf(bound: number | null | undefined): string {
  return bound == null ? '' : `${bound}`;
}

export function sameCriteria(a: Criteria, b: Criteria): boolean {
  return JSON.stringify(toFilter(a)) === JSON.stringify(toFilter(b));
}
