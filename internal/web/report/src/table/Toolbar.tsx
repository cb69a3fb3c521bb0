import { Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';

import type { Order } from '../report/order';
import type { ContactFilter, ExportKind } from '../api/generated/graphql';
import { Button, IconButton } from '../design/Button';
import { Icon } from '../design/Icon';
import { useLocale } from '../locale';
import type { ColumnId } from '../report/columns';
import { ColumnsMenu } from './ColumnsMenu';
import { pageSize, type Progress } from './pages';
import { standingQuery } from './query';

/** What is shown, in figures, and what can be done with it. */
export function Toolbar({
  progress,
  filter,
  order,
  columns,
  mayExport,
  onColumns,
  onGenerate,
  onRefresh,
}: {
  progress: Progress;
  filter: ContactFilter;
  order: Order;
  columns: readonly ColumnId[];
  mayExport: boolean;
  onColumns: (columns: readonly ColumnId[]) => void;
  onGenerate: (kind: ExportKind) => void;
  onRefresh: () => void;
}) {
  const { words, format } = useLocale();
  const { total, period, readAt, state } = progress;
  // Opened with its opener, so that the new tab gets a copy of this tab's session.
  const openGraphiQL = () => {
    const query = standingQuery(columns, { filter, orderBy: order, first: pageSize });
    window.open(`/graphiql#query=${encodeURIComponent(query)}`);
  };
  return (
    <div className="toolbar">
      <div className="toolbar-facts" role="status">
        <strong className="toolbar-total">
          {typeof total === 'number'
            ? format.plural(total, words.table.total)
            : total === null && state !== 'failed'
              ? words.table.counting
              : '–'}
        </strong>
        {period && (
          <span className="toolbar-period">
            <Icon name="calendar" />
            {words.table.period(format.day(period.from), format.day(period.to))}
            <span className="toolbar-zone">{period.timeZone}</span>
          </span>
        )}
      </div>
      <div className="toolbar-actions">
        {readAt && (
          <span className="toolbar-moment">{words.table.asOf(format.time(readAt.toISOString(), period?.timeZone ?? 'UTC'))}</span>
        )}
        <IconButton icon="again" label={words.table.refresh} onPress={onRefresh} />
        <IconButton icon="code" label={words.bar.graphiql} onPress={openGraphiQL} />
        <ColumnsMenu shown={columns} onChange={onColumns} />
        {mayExport && (
          <MenuTrigger>
            <Button look="primary" icon="file">
              {words.table.generate}
            </Button>
            <Popover className="popover" placement="bottom end" offset={4}>
              <Menu className="menu" onAction={(kind) => onGenerate(kind as ExportKind)}>
                {(Object.entries(words.exportKinds) as [ExportKind, string][]).map(([kind, name]) => (
                  <MenuItem key={kind} id={kind} className="menu-item">
                    {name}
                  </MenuItem>
                ))}
              </Menu>
            </Popover>
          </MenuTrigger>
        )}
      </div>
    </div>
  );
}
