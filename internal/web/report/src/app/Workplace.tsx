import { Suspense, useCallback, useEffect, useState } from 'react';

import { navigate, usePlace } from '../address/address';
import { blank, type Criteria, fromFilter, toFilter } from '../report/criteria';
import type { ExportKind } from '../api/generated/graphql';
import { State } from '../design/State';
import { DownloadNotices } from '../files/DownloadNotices';
import { setDraft } from '../filters/draft';
import { FilterPanel } from '../filters/FilterPanel';
import { type FieldErrors, fieldOf } from '../filters/validate';
import { useLocale } from '../locale';
import type { Viewer } from '../session/session';
import { useSession } from '../session/session';
import { signOut } from '../session/start';
import { pauseListening, stopListening } from '../player/listen';
import { useHeardContact } from '../player/playback';
import type { ColumnId } from '../report/columns';
import { rememberColumns, usePreferences } from '../table/preferences';
import type { Progress } from '../table/pages';
import { ReportView } from '../table/ReportView';
import { DetailsPanel, DownloadsPanel, GenerateDialog, PlayerBar, prepare, SourcesPanel } from './later';
import { TopBar } from './TopBar';

/** The zone of times until a report says in which it was read. */
const platformZone = 'Europe/Warsaw';

/** Filters at the left, the table in the middle, one panel at the right: where a manager works all day. */
export function Workplace({ viewer }: { viewer: Viewer }) {
  const { words } = useLocale();
  const place = usePlace();
  const remembered = usePreferences().shown;
  const columns = place.columns ?? remembered;
  const [filtersShown, setFiltersShown] = useState(() => innerWidth >= 1100 || place.criteria === null);
  const [turn, setTurn] = useState(0);
  const [progress, setProgress] = useState<Progress | null>(null);
  const [generated, setGenerated] = useState<ExportKind | null>(null);

  useEffect(prepare, []);
  useEffect(() => stopListening, []);
  // Who is asked to sign in again cannot get at the player below.
  const signedIn = useSession().state === 'in';
  useEffect(() => {
    if (!signedIn) pauseListening();
  }, [signedIn]);
  const heard = useHeardContact();
  const playerShown = heard !== null && heard !== place.contact;
  const show = useCallback(
    (criteria: Criteria) => {
      setDraft(criteria);
      setTurn((before) => before + 1);
      navigate({ criteria, columns });
      if (innerWidth < 1100) setFiltersShown(false);
    },
    [columns],
  );
  const changeColumns = useCallback((next: readonly ColumnId[]) => {
    rememberColumns(next);
    navigate({ columns: next }, 'replace');
  }, []);
  const openDetails = useCallback((contact: string) => navigate({ contact, files: false, sources: false }), []);
  const closePanel = useCallback(() => navigate({ contact: null, files: false, sources: false }), []);
  const out = () => {
    navigate({ criteria: null, columns: null, contact: null, files: false, sources: false }, 'replace');
    setDraft(blank);
    void signOut();
  };

  const refused: FieldErrors = {};
  for (const fault of place.criteria ? (progress?.faults ?? []) : []) {
    const field = fieldOf(fault.field);
    if (field) refused[field] ??= fault.message;
  }
  const panel = place.contact !== null || place.files || place.sources;

  return (
    <div
      className={['workplace', filtersShown && 'workplace-filters', panel && 'workplace-panel', playerShown && 'workplace-player']
        .filter(Boolean)
        .join(' ')}>
      <TopBar
        viewer={viewer}
        filtersShown={filtersShown}
        filesShown={place.files}
        sourcesShown={place.sources}
        onFilters={() => setFiltersShown((before) => !before)}
        onFiles={() => (place.files ? closePanel() : navigate({ files: true, contact: null, sources: false }))}
        onSources={() => (place.sources ? closePanel() : navigate({ sources: true, contact: null, files: false }))}
        onLeave={out}
      />
      <div className="workplace-left" hidden={!filtersShown}>
        <FilterPanel shown={place.criteria} refused={refused} scopes={viewer.scopes} onShow={show} />
      </div>
      <main className="workplace-middle">
        {place.criteria ? (
          <ReportView
            criteria={place.criteria}
            columns={columns}
            order={place.order}
            turn={turn}
            scopes={viewer.scopes}
            opened={place.contact}
            onProgress={setProgress}
            onShow={show}
            onColumns={changeColumns}
            onDetails={openDetails}
            onGenerate={setGenerated}
            onRefresh={() => setTurn((before) => before + 1)}
          />
        ) : (
          <State icon="filter" title={words.table.beforeTitle}>
            {words.table.beforeText}
          </State>
        )}
      </main>
      {panel && (
        <div className="workplace-right">
          <Suspense>
            {place.contact !== null ? (
              <DetailsPanel
                key={place.contact}
                contactId={place.contact}
                timeZone={progress?.period?.timeZone ?? platformZone}
                onClose={closePanel}
              />
            ) : place.sources ? (
              <SourcesPanel timeZone={progress?.period?.timeZone ?? platformZone} onClose={closePanel} />
            ) : (
              <DownloadsPanel onShow={(filter) => show(fromFilter(filter))} onClose={closePanel} />
            )}
          </Suspense>
        </div>
      )}
      {playerShown && (
        <Suspense>
          <PlayerBar onDetails={openDetails} />
        </Suspense>
      )}
      {generated && (
        <Suspense>
          <GenerateDialog
            filter={toFilter(place.criteria ?? blank)}
            kind={generated}
            shown={columns}
            scopes={viewer.scopes}
            onClose={() => setGenerated(null)}
          />
        </Suspense>
      )}
      <DownloadNotices onOpenDownloads={() => navigate({ files: true, contact: null, sources: false })} />
    </div>
  );
}
