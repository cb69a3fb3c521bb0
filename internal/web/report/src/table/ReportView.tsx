import { useCallback, useEffect, useMemo, useState } from 'react';
import { useClient } from 'urql';

import { navigate } from '../address/address';
import type { Order } from '../report/order';
import { type Criteria, toFilter } from '../report/criteria';
import { rememberAgents } from '../api/agents';
import { createPageClient } from '../api/client';
import { useConnected } from '../api/connection';
import type { Fault } from '../api/fault';
import type { ExportKind, Scope } from '../api/generated/graphql';
import { Button } from '../design/Button';
import { Bone, Spinner, State } from '../design/State';
import { useLocale } from '../locale';
import { useStore } from '../state/store';
import { type ColumnId, columnFacts } from '../report/columns';
import { DataTable } from './DataTable';
import { type Progress, Report } from './pages';
import { useWidths } from './preferences';
import { SetChips } from './SetChips';
import { Toolbar } from './Toolbar';

/** The report that the address names: its toolbar, what is set, and its rows or what stands in their place. */
export function ReportView({
  criteria,
  columns,
  order,
  turn,
  scopes,
  opened,
  onProgress,
  onShow,
  onColumns,
  onDetails,
  onGenerate,
  onRefresh,
}: {
  criteria: Criteria;
  columns: readonly ColumnId[];
  order: Order;
  /** Grows when the same report is to be read anew. */
  turn: number;
  scopes: ReadonlySet<Scope>;
  opened: string | null;
  /** Says how far the reading is, and what the server has against the filter. */
  onProgress: (progress: Progress) => void;
  onShow: (criteria: Criteria) => void;
  onColumns: (columns: readonly ColumnId[]) => void;
  onDetails: (contactId: string) => void;
  onGenerate: (kind: ExportKind) => void;
  onRefresh: () => void;
}) {
  const { words } = useLocale();
  const client = useClient();
  const filter = useMemo(() => toFilter(criteria), [criteria]);
  const filterKey = JSON.stringify(filter);
  const { asked, held } = useColumnSet(columns);
  const report = useMemo(
    () => new Report(createPageClient(), filter, order, asked, (agents) => rememberAgents(client, agents)),
    // eslint-disable-next-line react-hooks/exhaustive-deps -- a new turn is a new reading of the same report
    [filterKey, order.field, order.direction, asked, turn],
  );
  useEffect(() => report.start(), [report]);
  useEffect(() => report.narrow(held), [report, held]);
  const progress = useStore(report.progress);
  const { state, known, complete, faults } = progress;
  const before = useSettled(report, filterKey, state);
  useEffect(() => onProgress(progress), [progress, onProgress]);

  const connected = useConnected();
  useEffect(() => {
    if (connected) report.retry();
  }, [connected, report]);

  const onOrder = useCallback((next: Order) => navigate({ order: next }), []);
  const onMove = useCallback(
    (column: ColumnId, before: ColumnId | null) => {
      if (column === before) return;
      const rest = columns.filter((id) => id !== column);
      const at = before === null ? rest.length : rest.indexOf(before);
      onColumns([...rest.slice(0, at), column, ...rest.slice(at)]);
    },
    [columns, onColumns],
  );

  return (
    <>
      <Toolbar
        progress={progress}
        filter={filter}
        order={order}
        columns={columns}
        mayExport={scopes.has('EXPORTS')}
        onColumns={onColumns}
        onGenerate={onGenerate}
        onRefresh={onRefresh}
      />
      <SetChips criteria={criteria} faults={faults} onShow={onShow} />
      {!connected && (state === 'ready' || before) && (
        <p className="offline-bar" role="status">
          <Spinner label="" />
          {words.table.reconnecting}
        </p>
      )}
      {connected && state === 'failed' && before && (
        <p className="offline-bar" role="status">
          {faults[0]?.message || words.table.failedTitle}
          <Button look="quiet" onPress={() => report.retry()}>
            {words.table.again}
          </Button>
        </p>
      )}
      {state === 'first' && !before && <Skeleton columns={columns} />}
      {state === 'failed' && !before && <Failed faults={faults} onAgain={() => report.retry()} />}
      {state === 'ready' && known === 0 && complete && (
        <State icon="search" title={words.table.emptyTitle}>
          {words.table.emptyText}
        </State>
      )}
      {(before || (state === 'ready' && known > 0)) && (
        <DataTable
          report={before ?? report}
          columns={columns}
          order={order}
          scopes={scopes}
          opened={opened}
          onOrder={onOrder}
          onMove={onMove}
          onDetails={onDetails}
        />
      )}
    </>
  );
}

/**
 * What is shown while the same contacts are read anew, and if that fails for want of a connection, a session or
 * patience: what was read before. Null once there is something newer, and where there was nothing.
 */
function useSettled(report: Report, filter: string, state: Progress['state']): Report | null {
  const [settled, setSettled] = useState<{ report: Report; filter: string } | null>(null);
  if (state === 'ready' && settled?.report !== report) setSettled({ report, filter });
  if (state === 'ready' || settled?.filter !== filter || settled.report === report) return null;
  const passing = report.progress.get().faults.every(({ code }) => passingFaults.has(code));
  return passing && settled.report.progress.get().known > 0 ? settled.report : null;
}

const passingFaults = new Set(['OFFLINE', 'UNAVAILABLE', 'UNAUTHENTICATED', 'RATE_LIMITED']);

/**
 * The columns to ask for. Moving one asks for nothing new, since what is there already can be shown in another order.
 * Hiding one leaves it out of the pages that follow (held). One that is not held makes a new reading (asked).
 */
function useColumnSet(shown: readonly ColumnId[]): { asked: readonly ColumnId[]; held: readonly ColumnId[] } {
  const [columns, setColumns] = useState({ asked: shown, held: shown });
  let next = columns;
  if (shown.some((id) => !columns.held.includes(id))) next = { asked: shown, held: shown };
  else if (shown.length < columns.held.length) next = { ...columns, held: shown };
  if (next !== columns) setColumns(next);
  return next;
}

function Failed({ faults, onAgain }: { faults: readonly Fault[]; onAgain: () => void }) {
  const { words } = useLocale();
  const [fault] = faults;
  const again = <Button onPress={onAgain}>{words.table.again}</Button>;
  if (!fault || fault.code === 'OFFLINE' || fault.code === 'UNAVAILABLE') {
    return (
      <State icon="offline" title={words.table.offlineTitle} actions={again}>
        {fault?.message || words.table.offlineText}
      </State>
    );
  }
  const ofFilter = fault.field?.startsWith('filter') ?? false;
  return (
    <State
      icon={fault.code === 'FORBIDDEN' ? 'lock' : 'warn'}
      tone="bad"
      title={ofFilter ? words.table.filterTitle : words.table.failedTitle}
      actions={ofFilter ? undefined : again}>
      {fault.message}
    </State>
  );
}

/** The table before its first rows, in its own shape. */
function Skeleton({ columns }: { columns: readonly ColumnId[] }) {
  const { words } = useLocale();
  const widths = useWidths();
  return (
    <div className="skeleton" aria-busy="true">
      <p className="unseen" role="status">
        {words.table.loading}
      </p>
      {Array.from({ length: 14 }, (_, row) => (
        <div key={row} className="skeleton-row" aria-hidden="true">
          {columns.map((id, column) => (
            <span key={id} className="skeleton-cell" style={{ width: widths[id] }}>
              {columnFacts(id) && <Bone width={`${40 + ((row * 7 + column * 13) % 45)}%`} />}
            </span>
          ))}
        </div>
      ))}
    </div>
  );
}
