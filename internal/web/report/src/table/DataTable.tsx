import './table.css';

import { defaultRangeExtractor, type Range, useVirtualizer } from '@tanstack/react-virtual';
import { type CSSProperties, type KeyboardEvent, memo, useCallback, useEffect, useId, useMemo, useRef, useState } from 'react';
import { useClient } from 'urql';

import { useSharedNames } from '../api/agents';
import type { Order } from '../report/order';
import type { Scope } from '../api/generated/graphql';
import type { Fault } from '../api/fault';
import { Button } from '../design/Button';
import { Icon } from '../design/Icon';
import { Spinner } from '../design/State';
import { ConversationTimeline } from '../ivr/ConversationTimeline';
import { IvrTimeline } from '../ivr/IvrTimeline';
import { useLocale } from '../locale';
import { listenOrPause } from '../player/listen';
import { useStore } from '../state/store';
import { Cell, type CellContext } from './Cell';
import { columnFacts, type ColumnId } from '../report/columns';
import { HeaderRow, useColumns } from './HeaderRow';
import type { Report, Row } from './pages';

const rowHeight = 32;
const headHeight = 36;
const plusWidth = 40;

/**
 * The rows of a report. Only those on the screen are in the document; the keyboard has one stop, from which the arrows
 * move through the rows.
 */
export function DataTable({
  report,
  columns,
  order,
  scopes,
  opened,
  onOrder,
  onMove,
  onDetails,
}: {
  report: Report;
  columns: readonly ColumnId[];
  order: Order;
  scopes: ReadonlySet<Scope>;
  /** The contact whose details are open. */
  opened: string | null;
  onOrder: (order: Order) => void;
  onMove: (column: ColumnId, before: ColumnId | null) => void;
  onDetails: (contactId: string) => void;
}) {
  const locale = useLocale();
  const { words } = locale;
  const { known, complete, total, period, faults } = useStore(report.progress);
  const timeZone = period?.timeZone ?? 'Europe/Warsaw';
  const id = useId();
  const grid = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(0);
  const [expanded, setExpanded] = useState<ReadonlySet<string>>(new Set());
  const table = useColumns(columns);

  // The row that the keyboard is on stays in the document, wherever the mouse has scrolled to: it is what is announced.
  const rangeExtractor = useCallback(
    (range: Range) => {
      const seen = defaultRangeExtractor(range);
      if (active >= range.count || seen.includes(active)) return seen;
      return active < range.startIndex ? [active, ...seen] : [...seen, active];
    },
    [active],
  );
  const virtual = useVirtualizer({
    count: known + (complete ? 0 : 1),
    getScrollElement: () => grid.current,
    estimateSize: () => rowHeight,
    overscan: 10,
    scrollMargin: headHeight,
    scrollPaddingStart: headHeight,
    rangeExtractor,
  });
  const items = virtual.getVirtualItems();
  const first = virtual.range?.startIndex ?? 0;
  const last = virtual.range?.endIndex ?? 0;
  useEffect(() => report.see(first, last), [report, first, last, known]);
  useEffect(() => {
    setActive(0);
    setExpanded(new Set());
    grid.current?.scrollTo({ top: 0 });
  }, [report]);

  const expand = useCallback(
    (contactId: string, index: number) => {
      setExpanded((before) => {
        const next = new Set(before);
        if (!next.delete(contactId)) next.add(contactId);
        else virtual.resizeItem(index, rowHeight);
        return next;
      });
    },
    [virtual],
  );
  const sharedNames = useSharedNames(useClient());
  const context = useMemo<CellContext>(
    () => ({ locale, timeZone, scopes, sharedNames, onDetails }),
    [locale, timeZone, scopes, sharedNames, onDetails],
  );

  const goTo = (index: number) => {
    const next = Math.max(0, Math.min(known - 1, index));
    setActive(next);
    virtual.scrollToIndex(next);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.target !== grid.current || event.ctrlKey || event.metaKey || event.altKey) return;
    const row = report.row(active);
    const page = Math.max(1, Math.floor((grid.current.clientHeight - headHeight) / rowHeight) - 1);
    const open = row !== undefined && expanded.has(row.contact.id);
    const can = row !== undefined && opensTo(row) !== null;
    switch (event.key) {
      case 'ArrowDown':
        goTo(active + 1);
        break;
      case 'ArrowUp':
        goTo(active - 1);
        break;
      case 'PageDown':
        goTo(active + page);
        break;
      case 'PageUp':
        goTo(active - page);
        break;
      case 'Home':
        goTo(0);
        break;
      case 'End':
        goTo(known - 1);
        break;
      case 'ArrowRight':
      case '+':
        if (can && !open) expand(row.contact.id, active);
        else if (event.key === 'ArrowRight') grid.current.scrollBy({ left: 160 });
        break;
      case 'ArrowLeft':
      case '-':
        if (can && open) expand(row.contact.id, active);
        else if (event.key === 'ArrowLeft') grid.current.scrollBy({ left: -160 });
        break;
      case 'Enter':
        if (row) onDetails(row.contact.id);
        break;
      case ' ':
        if (row?.contact.details?.__typename === 'RecordingInfo') listenOrPause(row.contact.id);
        break;
      default:
        return;
    }
    event.preventDefault();
  };

  useEffect(() => {
    const element = grid.current!;
    const observer = new ResizeObserver(() => element.style.setProperty('--view-width', `${element.clientWidth}px`));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  const widths = table.getVisibleLeafColumns().map((column) => column.getSize());
  const style = {
    '--columns': `${plusWidth}px ${widths.map((width) => `${width}px`).join(' ')}`,
    '--table-width': `${plusWidth + widths.reduce((sum, width) => sum + width, 0)}px`,
  } as CSSProperties;

  return (
    <div
      ref={grid}
      id="table"
      role="treegrid"
      className="table"
      tabIndex={0}
      style={style}
      aria-label={words.table.label}
      aria-describedby={`${id}-keys`}
      aria-rowcount={typeof total === 'number' ? total + 1 : -1}
      aria-colcount={columns.length + 1}
      aria-activedescendant={known > 0 ? `${id}-${active}` : undefined}
      onKeyDown={onKeyDown}>
      <HeaderRow table={table} order={order} onOrder={onOrder} onMove={onMove} />
      <div role="rowgroup" className="table-body" style={{ height: virtual.getTotalSize() - headHeight }}>
        {items.map((item) => {
          const row = report.row(item.index);
          const open = row !== undefined && expanded.has(row.contact.id);
          return (
            <div
              key={item.key}
              role="none"
              className="table-place"
              data-index={item.index}
              ref={open ? virtual.measureElement : undefined}
              style={{ transform: `translateY(${item.start - headHeight}px)` }}>
              {item.index >= known ? (
                <LastRow fault={faults[0]} onAgain={() => report.retry()} />
              ) : (
                <TableRow
                  id={`${id}-${item.index}`}
                  index={item.index}
                  row={row}
                  columns={columns}
                  context={context}
                  open={open}
                  active={item.index === active}
                  opened={row !== undefined && row.contact.id === opened}
                  onExpand={expand}
                  onActive={setActive}
                />
              )}
            </div>
          );
        })}
      </div>
      <p id={`${id}-keys`} className="unseen">
        {words.table.keys}
      </p>
    </div>
  );
}

/** What a row opens to: its conversation, or its way through the IVR where that spoke, or is speaking. */
function opensTo({ contact }: Row): 'conversation' | 'ivr' | null {
  if (contact.conversationId != null) return 'conversation';
  return contact.ivrTime != null || contact.type === 'CAMPAIGN_INBOUND_CALL' ? 'ivr' : null;
}

const TableRow = memo(function TableRow({
  id,
  index,
  row,
  columns,
  context,
  open,
  active,
  opened,
  onExpand,
  onActive,
}: {
  id: string;
  index: number;
  row: Row | undefined;
  columns: readonly ColumnId[];
  context: CellContext;
  open: boolean;
  active: boolean;
  opened: boolean;
  onExpand: (contactId: string, index: number) => void;
  onActive: (index: number) => void;
}) {
  const { words } = context.locale;
  const status = row?.contact.status;
  const live = row?.contact.unfinished === false && (status === 'RINGING' || status === 'PENDING');
  const className = ['cells', 'row', active && 'row-active', opened && 'row-opened', live && 'row-live', open && 'row-expanded']
    .filter(Boolean)
    .join(' ');
  const more = row === undefined ? null : opensTo(row);
  const label =
    more === 'conversation'
      ? words.table[open ? 'collapseConversation' : 'expandConversation']
      : words.table[open ? 'collapse' : 'expand'];
  return (
    <>
      <div
        role="row"
        id={id}
        aria-level={1}
        aria-rowindex={index + 2}
        aria-expanded={more ? open : undefined}
        aria-selected={opened}
        className={className}
        onMouseDown={() => onActive(index)}>
        <div role="gridcell" aria-colindex={1} className="cell cell-plus">
          {row && more && (
            <button
              type="button"
              className="plus"
              tabIndex={-1}
              aria-expanded={open}
              aria-label={label}
              title={label}
              onClick={() => onExpand(row.contact.id, index)}>
              <Icon name={open ? 'minus' : 'plus'} size={12} />
            </button>
          )}
        </div>
        {columns.map((column, i) => (
          <div
            key={column}
            role="gridcell"
            aria-colindex={i + 2}
            className={columnFacts(column).numeric ? 'cell cell-numeric' : 'cell'}>
            {row ? <Cell column={column} row={row} context={context} /> : <span className="bone" style={{ width: '50%' }} />}
          </div>
        ))}
      </div>
      {open && (
        <div role="row" aria-level={2} className="row-more">
          <div role="gridcell" aria-colindex={1} aria-colspan={columns.length + 1} className="row-way">
            {more === 'conversation' ? (
              <ConversationTimeline contactId={row!.contact.id} timeZone={context.timeZone} onDetails={context.onDetails} />
            ) : (
              <IvrTimeline contactId={row!.contact.id} timeZone={context.timeZone} />
            )}
          </div>
        </div>
      )}
    </>
  );
});

/** Stands where the next page will come. */
function LastRow({ fault, onAgain }: { fault: Fault | undefined; onAgain: () => void }) {
  const { words } = useLocale();
  return (
    <div role="row" className="row row-last">
      <div role="gridcell" className="row-last-cell">
        {fault ? (
          <>
            <span className="field-error">{fault.message || words.table.offlineTitle}</span>
            <Button look="quiet" onPress={onAgain}>
              {words.table.again}
            </Button>
          </>
        ) : (
          <>
            <Spinner label={words.table.loadingMore} />
            <span>{words.table.loadingMore}</span>
          </>
        )}
      </div>
    </div>
  );
}
