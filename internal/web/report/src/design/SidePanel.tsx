import './panel.css';

import { type ReactNode, useEffect, useRef } from 'react';

import { IconButton } from './Button';

/**
 * A panel at the right of the page, beside the table, which stays usable. It takes the focus when it opens and gives it
 * back when it closes; Escape inside closes it.
 */
export function SidePanel({
  title,
  closeLabel,
  onClose,
  actions,
  children,
  wide,
}: {
  title: ReactNode;
  closeLabel: string;
  onClose: () => void;
  /** Buttons in the head, before the closing one. */
  actions?: ReactNode;
  children: ReactNode;
  wide?: boolean;
}) {
  const panel = useRef<HTMLElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    panel.current?.focus({ preventScroll: true });
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, []);
  return (
    <aside
      ref={panel}
      className={wide ? 'side-panel side-panel-wide' : 'side-panel'}
      tabIndex={-1}
      aria-labelledby="side-panel-title"
      onKeyDown={(event) => {
        if (event.key === 'Escape' && !event.defaultPrevented) {
          event.stopPropagation();
          onClose();
        }
      }}>
      <header className="side-panel-head">
        <h2 id="side-panel-title" className="side-panel-title">
          {title}
        </h2>
        {actions}
        <IconButton icon="close" label={closeLabel} onPress={onClose} />
      </header>
      <div className="side-panel-body">{children}</div>
    </aside>
  );
}
