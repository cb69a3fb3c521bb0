import { type CSSProperties, type KeyboardEvent, useEffect, useMemo, useRef } from 'react';

import { useLocale, type Words } from '../locale';
import type { Wave } from './documents';
import type { Part } from './parts';
import { half, outlines } from './wave';

/** How far the arrow keys jump, and the page keys, in seconds. */
const step = 5;
const leap = 60;
/** Into how many places the recording is divided for the eye. */
const finest = 1000;

/** What a recording looks like, and the place in it: to be moved by a click, a drag or the arrow keys. */
export function Waveform({
  wave,
  channels,
  parts,
  at,
  length,
  now,
  onSeek,
}: {
  /** Null until it is known, and where it cannot be drawn. */
  wave: Wave;
  channels: number;
  parts: readonly Part[];
  at: number;
  /** Seconds; null where it is unknown: then there is nowhere to jump to. */
  length: number | null;
  /** Where it is at this moment, while it plays; null while it rests. */
  now: (() => number) | null;
  onSeek: (at: number) => void;
}) {
  const { words, format } = useLocale();
  const frame = useRef<HTMLDivElement>(null);
  const end = length ?? 0;
  useSmoothPlace(frame, now, end);

  const press = (event: KeyboardEvent<HTMLInputElement>) => {
    const jump = { ArrowRight: step, ArrowUp: step, ArrowLeft: -step, ArrowDown: -step, PageUp: leap, PageDown: -leap }[
      event.key
    ];
    if (jump !== undefined) onSeek(at + jump);
    else if (event.key === 'Home') onSeek(0);
    else if (event.key === 'End') onSeek(end);
    else return;
    event.preventDefault();
  };

  return (
    <div className="wave">
      <div ref={frame} className="wave-frame" style={{ '--played': place(at, end) } as CSSProperties}>
        <Outline wave={wave} channels={channels} />
        <div className="wave-heard">
          <Outline wave={wave} channels={channels} />
        </div>
        <span className="wave-cursor" />
        {channels === words.player.channels.length && (
          <span className="wave-channels" aria-hidden="true">
            {words.player.channels.map((channel) => (
              <span key={channel}>{channel}</span>
            ))}
          </span>
        )}
        <input
          type="range"
          className="wave-place"
          min={0}
          max={end}
          step="any"
          value={Math.min(at, end)}
          disabled={length === null}
          aria-label={words.player.position}
          aria-valuetext={words.player.positionOf(format.duration(at), format.duration(end))}
          onChange={(event) => onSeek(event.target.valueAsNumber)}
          onKeyDown={press}
        />
      </div>
      {parts.length > 0 && end > 0 && (
        <ul className="wave-parts" aria-label={words.player.parts}>
          {parts.map((part) => {
            const name = nameOf(part, words);
            const when = `${format.duration(part.from)} – ${format.duration(part.to)}`;
            return (
              <li
                key={part.from}
                className={`wave-part wave-part-${part.tile?.kind === 'QUEUE' ? 'queue' : part.kind}`}
                style={{ width: place(part.to - part.from, end) }}
                title={`${name}, ${when}`}>
                <span aria-hidden="true">{name}</span>
                <span className="unseen">
                  {name}, {when}
                </span>
              </li>
            );
          })}
        </ul>
      )}
    </div>
  );
}

/** The channels one above the other, the first at the top. */
function Outline({ wave, channels }: { wave: Wave; channels: number }) {
  const paths = useMemo(() => (wave ? outlines(wave) : []), [wave]);
  const width = wave?.[0]?.largest.length ?? 1;
  return (
    <svg className="wave-outline" viewBox={`0 0 ${width} ${channels * 2 * half}`} preserveAspectRatio="none" aria-hidden="true">
      {Array.from({ length: channels }, (_, channel) => (
        <path
          key={channel}
          className={`wave-channel wave-channel-${channel}`}
          transform={`translate(0 ${channel * 2 * half})`}
          d={paths[channel] ?? `M0,${half - 0.5}H${width}V${half + 0.5}H0Z`}
        />
      ))}
    </svg>
  );
}

/** Moves the place with every frame while it plays: four times a second is too seldom in a short recording. */
function useSmoothPlace(frame: { current: HTMLDivElement | null }, now: (() => number) | null, end: number) {
  useEffect(() => {
    if (!now || matchMedia('(prefers-reduced-motion: reduce)').matches) return;
    let asked = requestAnimationFrame(move);
    let shown = -1;
    function move() {
      const at = now!();
      // Less than a pixel is not worth painting again.
      const mark = Math.round((at / end) * finest);
      if (mark !== shown) frame.current?.style.setProperty('--played', place(at, end));
      shown = mark;
      asked = requestAnimationFrame(move);
    }
    return () => cancelAnimationFrame(asked);
  }, [frame, now, end]);
}

function nameOf({ kind, tile }: Part, words: Words): string {
  if (!tile) return words.player.part[kind];
  return `${words.player.part.ivr}: ${tile.name}`;
}

function place(at: number, end: number): string {
  return end > 0 ? `${Math.min(100, (at / end) * 100)}%` : '0%';
}
