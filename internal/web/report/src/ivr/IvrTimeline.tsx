import { useEffect } from 'react';
import { useQuery } from 'urql';

import { Button } from '../design/Button';
import { Icon } from '../design/Icon';
import { Spinner } from '../design/State';
import { useLocale } from '../locale';
import { isLive } from '../report/labels';
import { ivrDocument } from './documents';
import { IvrSteps } from './IvrSteps';

export interface IvrTimelineProps {
  /** The contact's id; its steps are asked for when the row is opened. */
  contactId: string;
  /** The zone that times are shown in. */
  timeZone: string;
}

/** How often a contact that is still in the IVR is looked at again, in milliseconds. */
const again = 5_000;

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
  useEffect(() => {
    if (!live) return;
    const timer = setInterval(() => document.hidden || ask({ requestPolicy: 'network-only' }), again);
    return () => clearInterval(timer);
  }, [live, ask]);

  if (!contact && fetching) {
    return (
      <p className="ivr-note">
        <Spinner label={words.details.ivrLoading} />
      </p>
    );
  }
  if (!contact && error) {
    return (
      <p className="ivr-note" role="alert">
        <Icon name="warn" />
        {words.details.ivrFailed}
        <Button look="quiet" icon="again" onPress={() => ask({ requestPolicy: 'network-only' })}>
          {words.details.retry}
        </Button>
      </p>
    );
  }
  if (!contact) return <p className="ivr-note">{words.details.gone}.</p>;
  if (contact.ivrSteps.length === 0) return <p className="ivr-note">{words.details.ivrEmpty}</p>;
  return <IvrSteps label={words.details.sections.ivr} steps={contact.ivrSteps} live={live} timeZone={timeZone} />;
}
