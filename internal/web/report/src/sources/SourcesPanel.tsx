import './sources.css';

import { type ReactNode, useEffect } from 'react';
import { useQuery } from 'urql';

import { faultsOf } from '../api/fault';
import { Button } from '../design/Button';
import { PanelGrip } from '../design/PanelGrip';
import { SidePanel } from '../design/SidePanel';
import { Bone, Spinner, State } from '../design/State';
import { useLocale } from '../locale';
import { type SourceShown, sourcesDocument } from './documents';
import { callsWithoutContact, followingOf } from './lag';

/** How often it is asked how sources stand, in milliseconds. */
const pace = 10_000;

/** “Centrale”: how far behind each telephone system is followed, and what of it came to no contact. For administrators. */
export function SourcesPanel({ timeZone, onClose }: { timeZone: string; onClose: () => void }) {
  const { words } = useLocale();
  return (
    <SidePanel title={words.sources.title} closeLabel={words.sources.close} onClose={onClose} wide>
      <PanelGrip name="sources" label={words.details.resize} />
      <Sources timeZone={timeZone} />
    </SidePanel>
  );
}

function Sources({ timeZone }: { timeZone: string }) {
  const { words } = useLocale();
  const [{ data, error }, ask] = useQuery({ query: sourcesDocument, requestPolicy: 'network-only' });
  const fault = faultsOf(error)[0];
  const forbidden = fault?.code === 'FORBIDDEN';

  useEffect(() => {
    if (forbidden) return;
    const timer = setInterval(() => document.hidden || ask({ requestPolicy: 'network-only' }), pace);
    return () => clearInterval(timer);
  }, [ask, forbidden]);

  if (fault && forbidden) {
    return (
      <State icon="lock" title={words.sources.forbidden}>
        {fault.message}
      </State>
    );
  }
  if (fault) {
    return (
      <State
        icon="offline"
        tone="bad"
        title={words.sources.failed}
        actions={
          <Button icon="again" onPress={() => ask({ requestPolicy: 'network-only' })}>
            {words.files.retry}
          </Button>
        }>
        {fault.message || words.files.offline}
      </State>
    );
  }
  if (!data) {
    return (
      <div className="sources-loading">
        <Spinner label={words.sources.loading} />
        {['40%', '90%', '75%'].map((width) => (
          <Bone key={width} width={width} />
        ))}
      </div>
    );
  }
  if (data.sources.length === 0) {
    return (
      <State icon="phone" title={words.sources.none}>
        {words.sources.noneText}
      </State>
    );
  }
  return (
    <ul className="sources" aria-label={words.sources.title}>
      {data.sources.map((source) => (
        <Source key={source.name} source={source} timeZone={timeZone} />
      ))}
    </ul>
  );
}

function Source({ source, timeZone }: { source: SourceShown; timeZone: string }) {
  const { words, format } = useLocale();
  const following = followingOf(source);
  const without = callsWithoutContact(source);
  const moment = (instant: string | null | undefined) => (instant == null ? null : format.moment(instant, timeZone));
  return (
    <li className="source">
      <header className="source-head">
        <h3 className="source-name">{source.name}</h3>
        <span className="source-kind">{source.kind}</span>
        <span className={`source-state source-state-${following}`}>{words.sources.following[following]}</span>
      </header>
      <dl className="source-figures">
        <Figure label={words.sources.lag}>{source.lagSeconds == null ? '–' : format.duration(source.lagSeconds)}</Figure>
        <Figure label={words.sources.lastRow}>{moment(source.lastRowAt) ?? words.sources.never}</Figure>
        <Figure label={words.sources.read}>{moment(source.readAt) ?? words.sources.never}</Figure>
        <Figure label={words.sources.rows}>{format.number(source.rows)}</Figure>
        <Figure label={words.sources.badRows}>{format.number(source.badRows)}</Figure>
        <Figure label={words.sources.errors}>
          {format.number(source.errors)}
          {source.lastErrorAt && ` (${words.sources.lastError} ${moment(source.lastErrorAt)})`}
        </Figure>
        <Figure label={words.sources.calls}>{format.number(source.calls)}</Figure>
        <Figure label={words.sources.open}>{format.number(source.openCalls)}</Figure>
        <Figure label={words.sources.unfinished}>{format.number(source.unfinishedCalls)}</Figure>
      </dl>
      <h4 className="source-without">{format.plural(without, words.sources.without)}</h4>
      {without > 0 && (
        <>
          <dl className="source-figures">
            {source.withoutContact.map(({ reason, calls }) => (
              <Figure key={reason} label={words.sources.reasons[reason]}>
                {format.number(calls)}
              </Figure>
            ))}
          </dl>
          <p className="source-hint">
            {words.sources.listed} <code>kontakty sources unmapped {source.name}</code>
          </p>
        </>
      )}
    </li>
  );
}

function Figure({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="source-figure">
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}
