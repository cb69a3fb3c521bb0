import type { CSSProperties } from 'react';

import { Icon } from '../design/Icon';
import type { Locale } from '../locale';
import { useStore } from '../state/store';
import { listenOrPause } from './listen';
import { playback, useHeard } from './playback';

/** The player of a row: a button that plays at once and pauses, and below it how far it is. */
export function RowPlayer({ contactId, locale: { words } }: { contactId: string; locale: Locale }) {
  const state = useHeard(contactId);
  const on = state === 'playing' || state === 'loading';
  const label = on ? words.player.pause : words.player.play;
  return (
    <>
      <button
        type="button"
        className={on ? 'icon-button icon-button-small row-play row-play-on' : 'icon-button icon-button-small row-play'}
        tabIndex={-1}
        aria-label={label}
        title={label}
        aria-busy={state === 'loading'}
        onClick={() => listenOrPause(contactId)}>
        <Icon name={on ? 'pause' : 'play'} />
      </button>
      {state !== null && <RowProgress />}
    </>
  );
}

function RowProgress() {
  const current = useStore(playback);
  const share = current?.length ? Math.min(1, current.at / current.length) : 0;
  return <span className="row-heard" aria-hidden="true" style={{ '--played': `${share * 100}%` } as CSSProperties} />;
}
