import type { ContactOrderField } from '../api/generated/graphql';

/** What is known of a column besides its words, which are in the tables of locale. */
interface ColumnFacts {
  id: string;
  /** Its first width in pixels. */
  width: number;
  /** What the API sorts by to sort this column. */
  order?: ContactOrderField;
  /** Numbers stand at the right. */
  numeric?: boolean;
  /** It is no column of the report: a first visit does not show it. */
  beside?: boolean;
}

/** The 19 columns of the report, in its order, and behind them those that may be chosen beside them. */
export const columns = [
  { id: 'externalId', width: 124 },
  { id: 'campaign', width: 152 },
  { id: 'agent', width: 160 },
  { id: 'sourceAddress', width: 184 },
  { id: 'destinationAddress', width: 188 },
  { id: 'ccAddresses', width: 136 },
  { id: 'bccAddresses', width: 136 },
  { id: 'startedAt', width: 172, order: 'STARTED_AT' },
  { id: 'talkTime', width: 128, order: 'TALK_TIME', numeric: true },
  { id: 'ringTime', width: 168, order: 'RING_TIME', numeric: true },
  { id: 'agentTalkTime', width: 172, order: 'AGENT_TALK_TIME', numeric: true },
  { id: 'type', width: 216 },
  { id: 'status', width: 116 },
  { id: 'recordId', width: 108 },
  { id: 'significantField', width: 168 },
  { id: 'classifier', width: 160 },
  { id: 'queue', width: 144 },
  { id: 'details', width: 88 },
  { id: 'hangupParty', width: 148 },
  { id: 'holdTime', width: 136, numeric: true, beside: true },
  { id: 'wrapUpTime', width: 196, numeric: true, beside: true },
  { id: 'outcome', width: 200, beside: true },
  { id: 'reachedAgent', width: 152, beside: true },
  { id: 'lostAt', width: 140, beside: true },
  { id: 'queueTime', width: 152, order: 'QUEUE_TIME', numeric: true, beside: true },
  { id: 'timeToAnswer', width: 168, order: 'TIME_TO_ANSWER', numeric: true, beside: true },
  { id: 'lostAfter', width: 136, order: 'LOST_AFTER', numeric: true, beside: true },
] as const satisfies readonly ColumnFacts[];

export type ColumnId = (typeof columns)[number]['id'];

export const columnIds: readonly ColumnId[] = columns.map((column) => column.id);

const facts = new Map<string, ColumnFacts>(columns.map((column) => [column.id, column]));

export function columnFacts(id: ColumnId): ColumnFacts {
  return facts.get(id)!;
}

export function isColumn(id: string): id is ColumnId {
  return facts.has(id);
}

/** The columns of a first visit: those of the report, as the file has them. */
export const firstColumns: readonly ColumnId[] = columnIds.filter((id) => !columnFacts(id).beside);
