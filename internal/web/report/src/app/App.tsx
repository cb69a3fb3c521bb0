import './app.css';
import '../design/field.css';

import { useEffect, useMemo, useRef, useState } from 'react';
import { I18nProvider } from 'react-aria-components';
import { Provider } from 'urql';

import { createNormalisedClient } from '../api/client';
import { forgetNames } from '../api/names';
import { Spinner } from '../design/State';
import { useLocale } from '../locale';
import { useSession, type Viewer } from '../session/session';
import { SignIn } from '../session/SignIn';
import { start } from '../session/start';
import { Workplace } from './Workplace';

/** The whole page: who is signed in sees the report; an expired session asks again above it, and nothing is lost. */
export function App() {
  const { words, language } = useLocale();
  const session = useSession();
  const begun = useRef(false);
  useEffect(() => {
    if (begun.current) return;
    begun.current = true;
    void start();
  }, []);

  // The last who was signed in keeps the page while they are asked to sign in again.
  const [last, setLast] = useState<{ viewer: Viewer; entry: number } | null>(null);
  const seen = useRef<unknown>(null);
  if (session.state === 'in' && seen.current !== session) {
    seen.current = session;
    setLast((before) => ({ viewer: session.viewer, entry: (before?.entry ?? 0) + 1 }));
  }
  const stays = session.state === 'in' || (session.state === 'out' && session.why !== 'left' && session.why !== 'fresh');
  const entry = last?.entry ?? 0;
  // Whoever signs in sees what they may see, nothing that was read for somebody else.
  const client = useMemo(() => {
    forgetNames();
    return createNormalisedClient();
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [entry]);

  useEffect(() => {
    document.title = words.report;
  }, [words]);

  return (
    <I18nProvider locale={language === 'pl' ? 'pl-PL' : 'en-GB'}>
      <Provider value={client}>
        {session.state === 'starting' && (
          <div className="starting">
            <Spinner label={words.session.starting} />
          </div>
        )}
        {last && stays && (
          <div className="page-layer" inert={session.state !== 'in'}>
            <Workplace key={entry} viewer={last.viewer} />
          </div>
        )}
        {session.state === 'out' && (
          <main className={last && stays ? 'sign-in-veil' : 'sign-in-page'}>
            <SignIn session={session} />
          </main>
        )}
      </Provider>
    </I18nProvider>
  );
}
