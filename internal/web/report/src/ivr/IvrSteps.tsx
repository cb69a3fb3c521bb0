import './ivr.css';

import { useLocale } from '../locale';
import type { IvrStepShown } from './documents';
import { TileIcon } from './TileIcon';

/** The steps of a contact through the IVR, and how long each took. */
export function IvrSteps({
  label,
  steps,
  live,
  timeZone,
}: {
  /** The name of the table. */
  label: string;
  steps: readonly IvrStepShown[];
  /** The contact is still there. */
  live: boolean;
  timeZone: string;
}) {
  const { words, format } = useLocale();
  const way = measure(steps, live);
  return (
    <div className="ivr">
      <table className="ivr-way" aria-label={label}>
        <thead>
          <tr>
            <th scope="col">{words.details.ivrStep}</th>
            <th scope="col">{words.details.ivrChoice}</th>
            <th scope="col" className="ivr-figure">
              {words.details.ivrEntered}
            </th>
            <th scope="col" className="ivr-figure">
              {words.details.ivrDuration}
            </th>
            <th scope="col" className="ivr-share">
              <span className="unseen">{words.details.ivrShare}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {way.bars.map(({ step, start, width, open }) => (
            <tr key={step.position}>
              <th scope="row">
                <span className="ivr-tile">
                  <TileIcon kind={step.kind} />
                  <span className="ivr-name">
                    <bdi>{step.name}</bdi>
                    <Kind kind={words.details.ivrKinds[step.kind]} name={step.name} />
                  </span>
                </span>
              </th>
              <td>{step.choice !== null && <bdi className="ivr-choice">{step.choice}</bdi>}</td>
              <td className="ivr-figure">{format.time(step.enteredAt, timeZone)}</td>
              <td className="ivr-figure">
                {step.duration !== null ? (
                  format.duration(step.duration)
                ) : open ? (
                  <span className="ivr-open">{words.details.ivrStillThere}</span>
                ) : (
                  <span className="ivr-lost">{words.details.ivrNotLeft}</span>
                )}
              </td>
              <td className="ivr-share">
                <span className="ivr-track" aria-hidden="true">
                  <span
                    className={open ? 'ivr-bar ivr-bar-open' : `ivr-bar ivr-bar-${step.kind.toLowerCase()}`}
                    style={{ marginInlineStart: `${start * 100}%`, width: `${width * 100}%` }}
                  />
                </span>
                {step.duration !== null && way.seconds > 0 && (
                  <span className="unseen">{format.percent(step.duration / way.seconds)}</span>
                )}
              </td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row" colSpan={3}>
              {way.finished ? words.details.ivrTotal : words.details.ivrSoFar}
              <span className="ivr-count">{format.plural(steps.length, words.details.ivrSteps)}</span>
            </th>
            <td className="ivr-figure">{format.duration(way.seconds)}</td>
            <td />
          </tr>
        </tfoot>
      </table>
    </div>
  );
}

/** What a tile does; for the eye left out where its name says the same. */
function Kind({ kind, name }: { kind: string; name: string }) {
  const said = name.toLocaleLowerCase() === kind.toLocaleLowerCase();
  return <span className={said ? 'unseen' : 'ivr-kind'}>{kind}</span>;
}

/** A step with its place on the time line, as shares of the whole. */
interface Bar {
  step: IvrStepShown;
  start: number;
  width: number;
  /** The contact is still there. */
  open: boolean;
}

interface Way {
  bars: Bar[];
  /** Seconds spent in all the tiles that were left. */
  seconds: number;
  finished: boolean;
}

/** The share of the line that a tile gets which is not left yet. */
const openShare = 0.12;

/** Puts the steps one after another on a line: how long a tile took is what counts, not the gaps between them. */
function measure(steps: readonly IvrStepShown[], live: boolean): Way {
  const seconds = steps.reduce((sum, step) => sum + (step.duration ?? 0), 0);
  const isOpen = (step: IvrStepShown, index: number) => live && step.leftAt === null && index === steps.length - 1;
  const finished = !steps.some(isOpen);
  const scale = finished ? 1 : 1 - openShare;
  let passed = 0;
  const bars = steps.map((step, index) => {
    const open = isOpen(step, index);
    const width = open ? openShare : seconds > 0 ? ((step.duration ?? 0) / seconds) * scale : 0;
    const bar = { step, start: Math.min(passed, 1), width, open };
    passed += width;
    return bar;
  });
  return { bars, seconds, finished };
}
