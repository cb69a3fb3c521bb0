import { useCallback } from 'react';
import { useQuery } from 'urql';

import { useAgain } from '../api/again';
import { useLocale } from '../locale';
import { isLive } from '../report/labels';
import { ivrDocument } from './documents';
import { IvrSteps } from './IvrSteps';
import { Waiting } from './Waiting';

export interface IvrTimelineProps {
  /** The contact's id; its steps are asked for when the row is opened. */
  contactId: string;
  /** The zone that times are shown in. */
  timeZone: string;
}

/** The whole way of a contact through the IVR, shown below its row. Its height may change while it loads. */
export function IvrTimeline({ contactId, timeZone }: IvrTimelineProps) {
  const { words } = useLocale();
  const [{ data, error, fetching }, ask] = useQuery({
    query: ivrDocument,
    variables: { id: contactId },
    requestPolicy: 'cache-and-network',
  });
  const contact = data?.contact;
  const live = contact != null && isLive(contact);
  const askAgain = useCallback(() => ask({ requestPolicy: 'network-only' }), [ask]);
  useAgain(live, askAgain);

  if (!contact && (fetching || error)) {
    return <Waiting loading={words.details.ivrLoading} failure={words.details.ivrFailed} failed={!fetching} onRetry={askAgain} />;
  }
  if (!contact) return <p className="ivr-note">{words.details.gone}.</p>;
  if (contact.ivrSteps.length === 0) return <p className="ivr-note">{words.details.ivrEmpty}</p>;
  return <IvrSteps label={words.details.sections.ivr} steps={contact.ivrSteps} live={live} timeZone={timeZone} />;
}
