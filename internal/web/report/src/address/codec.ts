import type { ContactOrderField, PeriodPreset } from '../api/generated/graphql';
import { type ColumnId, isColumn } from '../report/columns';
import { blank, type Criteria, durationNames, flagNames } from '../report/criteria';
import { firstOrder, type Order } from '../report/order';

/** What the address says: which report, how it is shown, and what is open beside it. */
export interface Place {
  /** The report shown; null before “Pokaż”. */
  criteria: Criteria | null;
  /** The columns shown, in their order; null for those that this browser remembers. */
  columns: readonly ColumnId[] | null;
  order: Order;
  /** The contact whose details are open. */
  contact: string | null;
  /** Whether “Pliki do pobrania” is open. */
  files: boolean;
  /** Whether the telephone systems are open, which administrators look at. */
  sources: boolean;
}

/** Short names of lists in the address. What people typed may hold commas, so each value has a parameter of its own. */
const listParameters = [
  ['agents', 'agentIds', ','],
  ['groups', 'agentGroupIds', ','],
  ['campaigns', 'campaignIds', ','],
  ['types', 'types', ','],
  ['statuses', 'statuses', ','],
  ['outcomes', 'outcomes', ','],
  ['weekdays', 'weekdays', ','],
  ['source', 'sourceAddresses', null],
  ['destination', 'destinationAddresses', null],
  ['client', 'addresses', null],
  ['id', 'externalIds', null],
  ['recordId', 'recordExternalIds', null],
  ['ticket', 'ticketIds', null],
  ['siteCalls', 'siteCallIds', ','],
  ['queues', 'queueIds', ','],
  ['classifiers', 'classifierIds', ','],
  ['records', 'recordIds', ','],
  ['contacts', 'contactIds', ','],
] as const;

/** The part of the address behind the #, which no server and no log sees: it may hold phone numbers. */
export function write(place: Place): string {
  const parameters = new URLSearchParams();
  const { criteria, columns, order, contact, files, sources } = place;
  if (criteria) {
    if ('preset' in criteria.period) parameters.set('period', criteria.period.preset);
    else {
      parameters.set('from', criteria.period.from);
      parameters.set('to', criteria.period.to);
    }
    if (criteria.hoursFrom || criteria.hoursTo) parameters.set('hours', `${criteria.hoursFrom}-${criteria.hoursTo}`);
    if (criteria.timeZone) parameters.set('zone', criteria.timeZone);
    for (const name of flagNames) if (criteria[name]) parameters.set(name, 'true');
    for (const name of durationNames) {
      const { atLeast, atMost } = criteria[name];
      if (atLeast || atMost) parameters.set(name, `${atLeast}-${atMost}`);
    }
    for (const [parameter, name, separator] of listParameters) {
      const values = criteria[name];
      if (separator === null) for (const value of values) parameters.append(parameter, value);
      else if (values.length > 0) parameters.set(parameter, values.join(separator));
    }
    if (columns) parameters.set('columns', columns.join(','));
    if (order.field !== firstOrder.field || order.direction !== firstOrder.direction) {
      parameters.set('order', `${order.field}.${order.direction}`);
    }
  }
  if (contact) parameters.set('contact', contact);
  if (files) parameters.set('files', 'open');
  if (sources) parameters.set('sources', 'open');
  // Commas and colons may stand in a fragment as they are, which leaves links readable.
  return parameters.toString().replaceAll('%2C', ',').replaceAll('%3A', ':');
}

/** Reads what write wrote. Values are left to the API to judge; columns that do not exist are left out. */
export function read(fragment: string): Place {
  const parameters = new URLSearchParams(fragment.replace(/^#/, ''));
  const preset = parameters.get('period');
  const from = parameters.get('from');
  let criteria: Criteria | null = null;
  if (preset !== null || from !== null) {
    const [hoursFrom = '', hoursTo = ''] = (parameters.get('hours') ?? '').split('-');
    criteria = {
      ...blank,
      period: from !== null ? { from, to: parameters.get('to') ?? '' } : { preset: preset as PeriodPreset },
      hoursFrom,
      hoursTo,
      timeZone: parameters.get('zone') ?? '',
    };
    for (const name of flagNames) criteria[name] = parameters.get(name) === 'true';
    for (const name of durationNames) {
      const [atLeast = '', atMost = ''] = (parameters.get(name) ?? '').split('-');
      criteria[name] = { atLeast, atMost };
    }
    for (const [parameter, name, separator] of listParameters) {
      const values = separator === null ? parameters.getAll(parameter) : (parameters.get(parameter)?.split(separator) ?? []);
      Object.assign(criteria, { [name]: [...new Set(values.filter(Boolean))] });
    }
  }
  const columns = [...new Set((parameters.get('columns') ?? '').split(',').filter(isColumn))];
  const [field, direction] = (parameters.get('order') ?? '').split('.');
  return {
    criteria,
    columns: columns.length > 0 ? columns : null,
    order: field ? { field: field as ContactOrderField, direction: direction === 'ASC' ? 'ASC' : 'DESC' } : firstOrder,
    contact: parameters.get('contact'),
    files: parameters.get('files') === 'open',
    sources: parameters.get('sources') === 'open',
  };
}
