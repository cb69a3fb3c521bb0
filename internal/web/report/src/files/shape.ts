import type { ContactColumn, ExportFormat, Scope } from '../api/generated/graphql';
import type { ColumnId } from '../report/columns';

/** The formats that a file can be ordered in, in the order that they are offered in. */
export const formats = ['XLSX', 'CSV'] as const satisfies readonly ExportFormat[];

/** Which columns a file gets: those that the table shows, or all of the report's own. */
export type ColumnChoice = 'screen' | 'all';

/** The column of a file for each of the table; null where a file has none. */
const ofTable: Record<ColumnId, ContactColumn | null> = {
  externalId: 'EXTERNAL_ID',
  campaign: 'CAMPAIGN',
  agent: 'AGENT',
  sourceAddress: 'SOURCE_ADDRESS',
  destinationAddress: 'DESTINATION_ADDRESS',
  ccAddresses: 'CC_ADDRESSES',
  bccAddresses: 'BCC_ADDRESSES',
  startedAt: 'STARTED_AT',
  talkTime: 'TALK_TIME',
  ringTime: 'RING_TIME',
  agentTalkTime: 'AGENT_TALK_TIME',
  type: 'TYPE',
  status: 'STATUS',
  recordId: 'RECORD',
  significantField: 'SIGNIFICANT_FIELD',
  classifier: 'CLASSIFIER',
  queue: 'QUEUE',
  details: 'DETAILS',
  hangupParty: 'HANGUP_PARTY',
  holdTime: null,
  wrapUpTime: null,
  outcome: 'OUTCOME',
  reachedAgent: null,
  lostAt: null,
  queueTime: 'QUEUE_TIME',
  timeToAnswer: 'TIME_TO_ANSWER',
  lostAfter: 'LOST_AFTER',
};

/** The columns of a file that shows what the table does; null, the report's own, where it would show nothing. */
export function fileColumns(
  choice: ColumnChoice,
  shown: readonly ColumnId[],
  scopes: ReadonlySet<Scope>,
): ContactColumn[] | null {
  if (choice === 'all') return null;
  const columns = shown
    .map((id) => ofTable[id])
    .filter((column) => column !== null)
    .filter((column) => column !== 'BCC_ADDRESSES' || scopes.has('CONTACTS_BCC'));
  return columns.length > 0 ? columns : null;
}
