import { type KeyboardEvent, type PointerEvent, useCallback, useEffect, useRef, useState } from 'react';

const minWidth = 320;
const maxWidth = 960;
/** How far an arrow key moves the edge, in pixels. */
const step = 24;

/**
 * The edge of a side panel, to be moved with a pointer or the arrow keys; a double click puts it back. It stands inside
 * the panel's body and moves the panel itself. The width is remembered in this browser.
 */
export function PanelGrip({
  name,
  label,
}: {
  /** What the width is remembered under. */
  name: string;
  label: string;
}) {
  const grip = useRef<HTMLDivElement>(null);
  const storageKey = `kontakty.panel.${name}`;
  const [width, setWidth] = useState<number | null>(() => bounded(Number(localStorage.getItem(storageKey))));
  const [shown, setShown] = useState(0);

  useEffect(() => {
    const panel = panelOf(grip.current);
    if (!panel) return;
    panel.style.width = width === null ? '' : `${width}px`;
    setShown(Math.round(panel.getBoundingClientRect().width));
    if (width === null) localStorage.removeItem(storageKey);
    else localStorage.setItem(storageKey, String(width));
  }, [width, storageKey]);

  const move = useCallback((event: PointerEvent<HTMLDivElement>) => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const right = panelOf(event.currentTarget)?.getBoundingClientRect().right ?? 0;
    setWidth(bounded(right - event.clientX));
  }, []);

  const press = (event: KeyboardEvent<HTMLDivElement>) => {
    const change = { ArrowLeft: step, ArrowRight: -step }[event.key];
    if (change !== undefined) setWidth(bounded(shown + change));
    else if (event.key === 'Home') setWidth(minWidth);
    else if (event.key === 'End') setWidth(bounded(maxWidth));
    else return;
    event.preventDefault();
  };

  return (
    <div
      ref={grip}
      className="panel-grip"
      role="separator"
      aria-orientation="vertical"
      aria-label={label}
      aria-valuemin={minWidth}
      aria-valuemax={maxWidth}
      aria-valuenow={shown || minWidth}
      tabIndex={0}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={move}
      onKeyDown={press}
      onDoubleClick={() => setWidth(null)}
    />
  );
}

function panelOf(grip: HTMLElement | null): HTMLElement | null {
  return grip?.closest<HTMLElement>('.side-panel') ?? null;
}

/** A width that fits; null for none. */
function bounded(width: number): number | null {
  if (!(width > 0)) return null;
  return Math.round(Math.max(minWidth, Math.min(width, maxWidth, innerWidth * 0.7)));
}
