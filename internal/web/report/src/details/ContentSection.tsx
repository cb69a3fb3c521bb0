import type { ReactNode } from 'react';

import type { Fault } from '../api/fault';
import { useLocale } from '../locale';
import { Chat } from './Chat';
import type { ContactShown } from './documents';
import { Email } from './Email';
import { Recording } from './Recording';
import { Sms } from './Sms';

/** What there is to see of a contact beyond its row. */
export function ContentSection({ contact, bccFault, timeZone }: { contact: ContactShown; bccFault?: Fault; timeZone: string }) {
  const { words, format } = useLocale();
  const content = contact.details;
  switch (content?.__typename) {
    case 'RecordingInfo':
      return (
        <Framed title={words.details.recording}>
          <Recording contactId={contact.id} />
        </Framed>
      );
    case 'EmailInfo':
      return (
        <Framed title={words.details.email}>
          <Email email={content} contact={contact} bccFault={bccFault} />
        </Framed>
      );
    case 'ChatInfo':
      return (
        <Framed title={words.details.chat} note={format.plural(content.messages.length, words.details.messages)}>
          <Chat messages={content.messages} agent={contact.agent?.name} timeZone={timeZone} />
        </Framed>
      );
    case 'SmsInfo':
      return (
        <Framed title={words.details.sms} note={format.plural([...content.text].length, words.details.characters)}>
          <Sms text={content.text} sent={contact.type === 'OUTBOUND_SMS'} />
        </Framed>
      );
    default:
      return null;
  }
}

function Framed({ title, note, children }: { title: string; note?: string; children: ReactNode }) {
  return (
    <section className="details-section" aria-labelledby="details-content">
      <h3 id="details-content" className="details-heading">
        {title}
        {note && <span className="details-heading-note">{note}</span>}
      </h3>
      {children}
    </section>
  );
}
