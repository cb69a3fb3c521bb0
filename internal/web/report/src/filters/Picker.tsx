import { type ReactNode, useId, useRef } from 'react';
import {
  Button as AriaButton,
  Dialog,
  DialogTrigger,
  Input,
  ListBox,
  ListBoxItem,
  Popover,
  SearchField,
  type Selection,
} from 'react-aria-components';

import { Button } from '../design/Button';
import { Chip } from '../design/Chip';
import { Icon } from '../design/Icon';
import { Spinner } from '../design/State';
import { useLocale } from '../locale';

export interface PickerItem {
  id: string;
  name: string;
  deleted?: boolean;
}

export interface PickerProps {
  label: string;
  /** What the field says while nothing is chosen. */
  none: string;
  value: readonly string[];
  onChange: (value: string[]) => void;
  error?: string;
  items: readonly PickerItem[];
  total: number | null;
  state: 'loading' | 'ready' | 'failed';
  search: string;
  onSearch: (text: string) => void;
  open: boolean;
  onOpen: (open: boolean) => void;
  more?: () => void;
  all: () => Promise<string[]>;
  /** The name of a chosen value: undefined while it is asked for, null where there is none. */
  nameOf: (id: string) => { name: string; deleted?: boolean } | null | undefined;
  /** What else belongs to the list, above it. */
  children?: ReactNode;
  /** A value that stands beside the list and is set too. */
  beside?: string;
}

/** So many chosen values are shown under the field; the rest is a number. */
const chipsShown = 4;

/** A field that chooses several from a list which may be long: it opens to a search over the list. */
export function Picker(props: PickerProps) {
  const { label, none, value, onChange, error, items, state, nameOf } = props;
  const { words, format } = useLocale();
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const count = value.length + (props.beside ? 1 : 0);
  const summary = count === 0 ? none : count === 1 && props.beside ? props.beside : format.plural(count, words.filters.selected);

  const change = (keys: Selection) => {
    if (keys === 'all') void props.all().then(onChange);
    else onChange([...keys].map(String));
  };

  return (
    <div className="field picker">
      <span className="field-label" id={`${id}-label`}>
        {label}
      </span>
      <DialogTrigger isOpen={props.open} onOpenChange={props.onOpen}>
        <AriaButton
          className="picker-button"
          data-invalid={error ? true : undefined}
          id={`${id}-button`}
          aria-labelledby={`${id}-label ${id}-summary`}
          aria-describedby={error ? `${id}-error` : undefined}>
          <span id={`${id}-summary`} className={count === 0 ? 'picker-none' : 'picker-some'}>
            {summary}
          </span>
          <Icon name="down" />
        </AriaButton>
        <Popover className="popover picker-popover" placement="bottom start" offset={4}>
          <Dialog className="picker-dialog" aria-label={label}>
            <SearchField
              className="picker-search"
              aria-label={words.filters.searchIn(label)}
              autoFocus
              value={props.search}
              onChange={props.onSearch}
              onKeyDown={(event) => {
                if (event.key === 'ArrowDown') list.current?.querySelector<HTMLElement>('[role="option"]')?.focus();
                else event.continuePropagation();
              }}>
              <Icon name="search" />
              <Input className="picker-input" placeholder={words.filters.search} />
              {state === 'loading' && <Spinner label={words.filters.loading} />}
            </SearchField>
            {props.children && <div className="picker-extra">{props.children}</div>}
            <div className="picker-tools">
              <span className="picker-found" role="status">
                {props.total !== null && state !== 'failed' && format.plural(props.total, words.filters.found)}
              </span>
              <span className="picker-tools-gap" />
              {value.length > 0 && (
                <Button look="quiet" onPress={() => onChange([])}>
                  {words.filters.unselect}
                </Button>
              )}
              {items.length > 0 && (
                <Button
                  look="quiet"
                  onPress={() => void props.all().then((found) => onChange([...new Set([...value, ...found])]))}>
                  {format.plural(props.total ?? items.length, words.filters.selectFound)}
                </Button>
              )}
            </div>
            <ListBox
              ref={list}
              className="picker-list"
              aria-label={label}
              items={items}
              selectionMode="multiple"
              selectedKeys={value}
              onSelectionChange={change}
              escapeKeyBehavior="none"
              onScroll={(event) => {
                const { scrollTop, scrollHeight, clientHeight } = event.currentTarget;
                if (scrollHeight - scrollTop - clientHeight < 200) props.more?.();
              }}
              renderEmptyState={() => (
                <p className="picker-empty">
                  {
                    { loading: words.filters.loading, failed: words.filters.loadingFailed, ready: words.filters.nothingFound }[
                      state
                    ]
                  }
                </p>
              )}>
              {(item: PickerItem) => (
                <ListBoxItem
                  id={item.id}
                  textValue={item.name}
                  className={item.deleted ? 'picker-item picker-item-deleted' : 'picker-item'}>
                  <span className="checkbox-box">
                    <Icon name="check" size={12} />
                  </span>
                  <span className="picker-item-name" title={item.name}>
                    {item.name}
                  </span>
                  {item.deleted && <span className="picker-item-note">{words.filters.deleted}</span>}
                </ListBoxItem>
              )}
            </ListBox>
          </Dialog>
        </Popover>
      </DialogTrigger>
      {value.length > 0 && (
        <ul className="chips" aria-label={label}>
          {value.slice(0, chipsShown).map((one) => {
            const name = nameOf(one);
            const shown = name === undefined ? '…' : (name?.name ?? words.filters.unknown);
            return (
              <Chip
                key={one}
                tone={name === null ? 'bad' : name?.deleted ? 'gone' : undefined}
                removeLabel={words.filters.remove(shown)}
                onRemove={() => onChange(value.filter((other) => other !== one))}>
                {shown}
              </Chip>
            );
          })}
          {value.length > chipsShown && (
            <li className="chips-more">{format.plural(value.length - chipsShown, words.filters.more)}</li>
          )}
        </ul>
      )}
      {error && (
        <span className="field-error" id={`${id}-error`}>
          {error}
        </span>
      )}
    </div>
  );
}
