import type { ReactNode } from 'react';
import { Button } from 'react-aria-components';

import { Icon } from './Icon';

/** A value that is set, and a button that removes it. */
export function Chip({
  kind,
  children,
  tone,
  removeLabel,
  onRemove,
}: {
  /** What it is a value of; left out where that is clear. */
  kind?: string;
  children: ReactNode;
  tone?: 'bad' | 'gone';
  removeLabel: string;
  onRemove: () => void;
}) {
  return (
    <li className={tone ? `chip chip-${tone}` : 'chip'}>
      <span className="chip-words">
        {kind && <span className="chip-kind">{kind}: </span>}
        {children}
      </span>
      <Button className="chip-remove" aria-label={removeLabel} onPress={onRemove}>
        <Icon name="close" size={12} />
      </Button>
    </li>
  );
}
