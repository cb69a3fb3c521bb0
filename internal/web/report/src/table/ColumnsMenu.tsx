import { useRef } from 'react';
import { Dialog, DialogTrigger, Popover } from 'react-aria-components';

import { Button, IconButton } from '../design/Button';
import { Checkbox } from '../design/Checkbox';
import { useLocale } from '../locale';
import { type ColumnId, columnIds, firstColumns } from '../report/columns';
import { forgetWidths } from './preferences';

/** “Kolumny”: which columns are shown, and in which order. */
export function ColumnsMenu({ shown, onChange }: { shown: readonly ColumnId[]; onChange: (shown: readonly ColumnId[]) => void }) {
  const { words } = useLocale();
  const list = useRef<HTMLUListElement>(null);
  const rest = columnIds.filter((id) => !shown.includes(id));

  const toggle = (id: ColumnId, on: boolean) => onChange(on ? [...shown, id] : shown.filter((other) => other !== id));
  const move = (id: ColumnId, by: -1 | 1) => {
    const next = [...shown];
    const at = next.indexOf(id);
    next.splice(at, 1);
    next.splice(at + by, 0, id);
    onChange(next);
    // The button moved with its row: the focus goes with it.
    requestAnimationFrame(() =>
      list.current?.querySelector<HTMLElement>(`[data-column="${id}"] [data-by="${by}"] button`)?.focus(),
    );
  };

  return (
    <DialogTrigger>
      <Button icon="columns">{words.table.columns}</Button>
      <Popover className="popover columns-popover" placement="bottom end" offset={4}>
        <Dialog className="columns-dialog" aria-label={words.table.columns}>
          <p className="field-hint">{words.table.columnsHint}</p>
          <ul className="columns-list" ref={list}>
            {[...shown, ...rest].map((id) => {
              const at = shown.indexOf(id);
              const name = words.columns[id];
              return (
                <li key={id} className="columns-item" data-column={id}>
                  <Checkbox isSelected={at >= 0} isDisabled={at >= 0 && shown.length === 1} onChange={(on) => toggle(id, on)}>
                    {name}
                  </Checkbox>
                  {at >= 0 && (
                    <span className="columns-moves">
                      <span data-by="-1">
                        <IconButton
                          size="small"
                          icon="up"
                          label={words.table.moveUp(name)}
                          isDisabled={at === 0}
                          onPress={() => move(id, -1)}
                        />
                      </span>
                      <span data-by="1">
                        <IconButton
                          size="small"
                          icon="down"
                          label={words.table.moveDown(name)}
                          isDisabled={at === shown.length - 1}
                          onPress={() => move(id, 1)}
                        />
                      </span>
                    </span>
                  )}
                </li>
              );
            })}
          </ul>
          <div className="columns-foot">
            <Button look="quiet" onPress={() => onChange([...shown, ...rest])} isDisabled={rest.length === 0}>
              {words.table.allColumns}
            </Button>
            <Button
              look="quiet"
              onPress={() => {
                forgetWidths();
                onChange(firstColumns);
              }}>
              {words.table.firstColumns}
            </Button>
          </div>
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
