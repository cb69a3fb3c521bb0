import type { Fault } from '../api/fault';
import { useLocale } from '../locale';
import { Attachment } from './Attachment';
import type { ContactShown, Content } from './documents';
import { Address, HiddenValue } from './Hidden';

type EmailShown = Extract<Content, { __typename: 'EmailInfo' }>;

/** An e-mail as it was sent: its text is text, whatever is written in it. */
export function Email({ email, contact, bccFault }: { email: EmailShown; contact: ContactShown; bccFault?: Fault }) {
  const { words, format } = useLocale();
  const row = (label: string, addresses: readonly string[]) =>
    addresses.length > 0 && (
      <div>
        <dt>{label}</dt>
        <dd>
          {addresses.map((address, index) => (
            <span key={index}>
              {index > 0 && ', '}
              <Address>{address}</Address>
            </span>
          ))}
        </dd>
      </div>
    );
  return (
    <div className="email">
      <p className="email-subject" dir="auto">
        <span className="unseen">{words.details.subject}: </span>
        {email.subject ? <bdi>{email.subject}</bdi> : <span className="details-quiet">{words.details.noSubject}</span>}
      </p>
      <dl className="email-head">
        {row(words.details.from, contact.sourceAddress ? [contact.sourceAddress] : [])}
        {row(words.details.to, contact.destinationAddress ? [contact.destinationAddress] : [])}
        {row(words.details.cc, contact.ccAddresses)}
        {contact.bccAddresses == null ? (
          <div>
            <dt>{words.details.bcc}</dt>
            <dd>
              <HiddenValue reason={bccFault?.message || words.details.mayNotBcc} />
            </dd>
          </div>
        ) : (
          row(words.details.bcc, contact.bccAddresses)
        )}
      </dl>
      {email.body ? (
        <p className="email-body" dir="auto">
          {email.body}
        </p>
      ) : (
        <p className="email-body details-quiet">{words.details.noBody}</p>
      )}
      {email.attachments.length > 0 && (
        <div className="email-attachments">
          <p className="email-attachments-count">{format.plural(email.attachments.length, words.details.attachments)}</p>
          <ul>
            {email.attachments.map((attachment, index) => (
              <Attachment key={index} contactId={contact.id} index={index} attachment={attachment} />
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}
