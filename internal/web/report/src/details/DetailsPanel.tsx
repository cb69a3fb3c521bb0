import './details.css';

import { useState } from 'react';
import { Provider, useQuery } from 'urql';

import { useAgain } from '../api/again';
import { createPageClient } from '../api/client';
import { type Fault, faultsOf } from '../api/fault';
import { Button } from '../design/Button';
import { SidePanel } from '../design/SidePanel';
import { Bone, Spinner, State } from '../design/State';
import { useLocale } from '../locale';
import { contactDocument, type ContactShown } from './documents';
import { ContentSection } from './ContentSection';
import { Fields } from './Fields';
import { Hidden } from './Hidden';
import { IvrTimeline } from '../ivr/IvrTimeline';
import { PanelGrip } from '../design/PanelGrip';
import { isLive } from '../report/labels';
import { Summary } from './Summary';

export interface DetailsPanelProps {
  /** The contact's id. */
  contactId: string;
  /** The zone that times are shown in. */
  timeZone: string;
  onClose: () => void;
}

/** The side panel of one contact: its recording, e-mail, chat or SMS. */
export function DetailsPanel({ contactId, timeZone, onClose }: DetailsPanelProps) {
  const { words } = useLocale();
  // What people wrote is kept no longer than it is shown, and what was refused is told field by field: no cache.
  const [uncached] = useState(createPageClient);
  return (
    <SidePanel title={words.details.title} closeLabel={words.details.close} onClose={onClose} wide>
      <PanelGrip name="details" label={words.details.resize} />
      <Provider value={uncached}>
        <Contact contactId={contactId} timeZone={timeZone} />
      </Provider>
    </SidePanel>
  );
}

function Contact({ contactId, timeZone }: { contactId: string; timeZone: string }) {
  const { words } = useLocale();
  const [{ data, error, fetching }, ask] = useQuery({ query: contactDocument, variables: { id: contactId } });
  const contact = data?.contact?.id === contactId ? data.contact : null;
  const live = contact !== null && isLive(contact);
  useAgain(live, ask);

  if (contact) return <Shown key={contact.id} contact={contact} faults={faultsOf(error)} timeZone={timeZone} />;
  if (fetching) return <Loading />;
  if (error) {
    return (
      <State
        icon="warn"
        tone="bad"
        title={words.details.failed}
        actions={
          <Button icon="again" onPress={() => ask()}>
            {words.details.retry}
          </Button>
        }>
        {faultsOf(error)[0]?.message || words.details.offline}
      </State>
    );
  }
  return (
    <State icon="search" title={words.details.gone}>
      {words.details.goneText}
    </State>
  );
}

function Shown({ contact, faults, timeZone }: { contact: ContactShown; faults: Fault[]; timeZone: string }) {
  const { words } = useLocale();
  const refused = (field: string) => faults.find((fault) => fault.path?.[0] === 'contact' && fault.path[1] === field);
  const noContent = refused('details');
  return (
    <article className="details" aria-label={contact.externalId}>
      <Summary contact={contact} timeZone={timeZone} />
      {noContent ? (
        <section className="details-section">
          <Hidden title={words.details.hiddenContent} reason={noContent.message || words.details.mayNotContent} />
        </section>
      ) : (
        <ContentSection contact={contact} bccFault={refused('bccAddresses')} timeZone={timeZone} />
      )}
      <Fields contact={contact} bccFault={refused('bccAddresses')} timeZone={timeZone} />
      {(contact.ivrTime != null || contact.type === 'CAMPAIGN_INBOUND_CALL') && (
        <section className="details-section" aria-labelledby="details-ivr">
          <h3 id="details-ivr" className="details-heading">
            {words.details.sections.ivr}
          </h3>
          <IvrTimeline contactId={contact.id} timeZone={timeZone} />
        </section>
      )}
    </article>
  );
}

function Loading() {
  const { words } = useLocale();
  return (
    <div className="details-loading">
      <Spinner label={words.details.loading} />
      {['70%', '45%', '90%', '80%', '60%'].map((width) => (
        <Bone key={width} width={width} />
      ))}
    </div>
  );
}
