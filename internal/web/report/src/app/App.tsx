import './app.css';
import '../design/field.css';

import { useEffect, useMemo, useRef } from 'react';
import { I18nProvider } from 'react-aria-components';
import { Provider } from 'urql';

import { createNormalisedClient } from '../api/client';
import { Spinner } from '../design/State';
import { keepEnds } from '../files/ended';
import { useLocale } from '../locale';
import { useLastEntry, useSession } from '../session/session';
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

  // Who was signed in keeps the page while they are asked to sign in again; who left, or never was, has none.
  const entry = useLastEntry();
  const keeps = session.state === 'in' || (session.state === 'out' && session.why !== 'left' && session.why !== 'fresh');
  const shown = keeps ? entry : null;
  // Whoever signs in sees what they may see, nothing that was read for somebody else.
  const signIns = entry?.count ?? 0;
  const client = useMemo(() => {
    return createNormalisedClient(keepEnds());
    // eslint-disable-next-line react-hooks/exhaustive-deps -- a new sign-in forgets what was read before it
  }, [signIns]);

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
        {shown && (
          <div className="page-layer" inert={session.state !== 'in'}>
            <Workplace key={signIns} viewer={shown.viewer} />
          </div>
        )}
        {session.state === 'out' && (
          <main className={shown ? 'sign-in-veil' : 'sign-in-page'}>
            <SignIn session={session} />
          </main>
        )}
      </Provider>
    </I18nProvider>
  );
}
