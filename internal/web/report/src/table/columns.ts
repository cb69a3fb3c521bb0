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
}

/** The 19 columns of the report, in its order. */
export const columns = [
  { id: 'externalId', width: 184 },
  { id: 'campaign', width: 176 },
  { id: 'agent', width: 168 },
  { id: 'sourceAddress', width: 176 },
  { id: 'destinationAddress', width: 176 },
  { id: 'ccAddresses', width: 176 },
  { id: 'bccAddresses', width: 176 },
  { id: 'startedAt', width: 160, order: 'STARTED_AT' },
  { id: 'talkTime', width: 116, order: 'TALK_TIME', numeric: true },
  { id: 'ringTime', width: 148, order: 'RING_TIME', numeric: true },
  { id: 'agentTalkTime', width: 156, order: 'AGENT_TALK_TIME', numeric: true },
  { id: 'type', width: 232 },
  { id: 'status', width: 124 },
  { id: 'recordId', width: 120 },
  { id: 'significantField', width: 176 },
  { id: 'classifier', width: 168 },
  { id: 'queue', width: 152 },
  { id: 'details', width: 92 },
  { id: 'hangupParty', width: 140 },
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

/** The columns of a first visit: all that a contact centre asks for first, and the rest one click away. */
export const firstColumns: readonly ColumnId[] = columnIds;
