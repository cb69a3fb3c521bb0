import {
  columnOrderingFeature,
  columnSizingFeature,
  columnVisibilityFeature,
  tableFeatures,
  useTable,
} from '@tanstack/react-table';
import { type DragEvent, type KeyboardEvent, useMemo, useRef, useState } from 'react';

import type { Order } from '../report/order';
import { Icon } from '../design/Icon';
import { useLocale } from '../locale';
import { columnFacts, type ColumnId, columnIds } from '../report/columns';
import { minWidth, resizeColumn, useWidths, maxWidth } from './preferences';

const features = tableFeatures({ columnOrderingFeature, columnSizingFeature, columnVisibilityFeature });
const definitions = columnIds.map((id) => ({ id, size: columnFacts(id).width, minSize: minWidth, maxSize: maxWidth }));
const noRows: object[] = [];
const step = 16; // pixels that one key changes a width by

/**
 * The columns shown, as TanStack Table sees them: their order, their widths while they are dragged, and their headers.
 * Rows are not its business, there may be a hundred thousand.
 */
export function useColumns(shown: readonly ColumnId[]) {
  const columnSizing = useWidths();
  const columnVisibility = useMemo(() => Object.fromEntries(columnIds.map((id) => [id, shown.includes(id)])), [shown]);
  const columnOrder = useMemo(() => [...shown], [shown]);
  return useTable({ features, columns: definitions, data: noRows, state: { columnOrder, columnVisibility, columnSizing } });
}

/**
 * The header: one stop for the keyboard, in which the arrows go from column to column. Enter sorts, Shift and arrows
 * change the width, Alt and arrows the place.
 */
export function HeaderRow({
  table,
  order,
  onOrder,
  onMove,
}: {
  table: ReturnType<typeof useColumns>;
  order: Order;
  onOrder: (order: Order) => void;
  /** Moves a column before another, or to the end. */
  onMove: (column: ColumnId, before: ColumnId | null) => void;
}) {
  const { words } = useLocale();
  const headers = table.getHeaderGroups()[0]?.headers ?? [];
  const ids = headers.map((header) => header.column.id as ColumnId);
  const [stop, setStop] = useState<ColumnId | null>(null);
  const [dragged, setDragged] = useState<ColumnId | null>(null);
  const [resizing, setResizing] = useState(false);
  const [over, setOver] = useState<ColumnId | null>(null);
  const row = useRef<HTMLDivElement>(null);
  const current = stop && ids.includes(stop) ? stop : ids[0];

  const focus = (id: ColumnId | undefined) => {
    if (!id) return;
    setStop(id);
    row.current?.querySelector<HTMLElement>(`[data-column="${id}"] button`)?.focus();
  };
  const onKeyDown = (event: KeyboardEvent, id: ColumnId, width: number) => {
    const side = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    const index = ids.indexOf(id);
    if (side !== 0 && event.shiftKey) resizeColumn(id, width + side * step);
    else if (side !== 0 && event.altKey) onMove(id, side > 0 ? (ids[index + 2] ?? null) : (ids[Math.max(0, index - 1)] ?? null));
    else if (side !== 0) focus(ids[index + side]);
    else if (event.key === 'Home') focus(ids[0]);
    else if (event.key === 'End') focus(ids.at(-1));
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const drop = (event: DragEvent, id: ColumnId) => {
    event.preventDefault();
    if (dragged && dragged !== id) {
      // Dropped on a column further right, it goes behind it.
      const forwards = ids.indexOf(dragged) < ids.indexOf(id);
      onMove(dragged, forwards ? (ids[ids.indexOf(id) + 1] ?? null) : id);
    }
    setDragged(null);
    setOver(null);
  };

  return (
    <div role="rowgroup" className="table-head">
      <div role="row" aria-rowindex={1} className="cells" ref={row}>
        <div role="columnheader" aria-colindex={1} className="cell cell-plus">
          <span className="unseen">{words.table.expandHead}</span>
        </div>
        {headers.map((header, i) => {
          const id = header.column.id as ColumnId;
          const { order: field, numeric } = columnFacts(id);
          const sorted = field !== undefined && order.field === field;
          const name = words.columns[id];
          const className = [
            'cell',
            'head-cell',
            numeric && 'cell-numeric',
            sorted && 'head-sorted',
            over === id && dragged !== id && 'head-over',
          ]
            .filter(Boolean)
            .join(' ');
          return (
            <div
              key={id}
              role="columnheader"
              aria-colindex={i + 2}
              data-column={id}
              className={className}
              aria-sort={sorted ? (order.direction === 'ASC' ? 'ascending' : 'descending') : undefined}
              draggable={!resizing}
              onDragStart={() => setDragged(id)}
              onDragEnd={() => setDragged(null)}
              onDragOver={(event) => {
                event.preventDefault();
                setOver(id);
              }}
              onDrop={(event) => drop(event, id)}>
              <button
                type="button"
                className={field ? 'head-button head-sortable' : 'head-button'}
                title={name}
                tabIndex={id === current ? 0 : -1}
                aria-label={field ? words.table.sort(name) : name}
                onFocus={() => setStop(id)}
                onKeyDown={(event) => onKeyDown(event, id, header.getSize())}
                onClick={() => field && onOrder({ field, direction: sorted && order.direction === 'DESC' ? 'ASC' : 'DESC' })}>
                <span className="cell-text">{name}</span>
                {field && (
                  <span className="head-arrow">
                    <Icon name={sorted && order.direction === 'ASC' ? 'sortUp' : 'sortDown'} size={12} />
                  </span>
                )}
              </button>
              <Grip
                title={words.table.resize(name)}
                width={header.getSize()}
                onActive={setResizing}
                onResize={(width) => resizeColumn(id, width)}
              />
            </div>
          );
        })}
      </div>
    </div>
  );
}

/** The edge of a column, to be dragged by those who have a pointer; the keyboard resizes from the header itself. */
function Grip({
  title,
  width,
  onActive,
  onResize,
}: {
  title: string;
  width: number;
  /** Says that it is being dragged, so that the header is not. */
  onActive: (active: boolean) => void;
  onResize: (width: number) => void;
}) {
  const [from, setFrom] = useState<{ x: number; width: number } | null>(null);
  const end = () => {
    setFrom(null);
    onActive(false);
  };
  return (
    <span
      className={from ? 'head-grip head-grip-active' : 'head-grip'}
      title={title}
      aria-hidden="true"
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        setFrom({ x: event.clientX, width });
        onActive(true);
      }}
      onPointerMove={(event) => from && onResize(from.width + event.clientX - from.x)}
      onPointerUp={end}
      onPointerCancel={end}
    />
  );
}
