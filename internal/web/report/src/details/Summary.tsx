import type { ContactStatus, ContactType } from '../api/generated/graphql';
import { Icon, type IconName } from '../design/Icon';
import { useLocale } from '../locale';
import type { ContactShown } from './documents';

const icons: Partial<Record<ContactType, IconName>> = {
  OUTBOUND_EMAIL: 'mail',
  INBOUND_EMAIL: 'mail',
  OUTBOUND_SMS: 'sms',
  INBOUND_SMS: 'sms',
  CHAT: 'chat',
  MESSENGER_CHAT: 'chat',
};

const tones: Record<ContactStatus, string> = {
  ANSWERED: 'good',
  RINGING: 'live',
  PENDING: 'live',
  FAILED: 'bad',
  BUSY: 'warn',
  NO_ANSWER: 'warn',
  CLASSIFIER: 'calm',
};

/** The label that the file shows, letter for letter. */
export function statusLabel(status: ContactStatus): string {
  return status.replace('_', ' ');
}

/** What kind of contact it is, how it ended and when it was, at one glance. */
export function Summary({ contact, timeZone }: { contact: ContactShown; timeZone: string }) {
  const { words, format } = useLocale();
  const live = contact.status === 'RINGING' || contact.status === 'PENDING' ? words.details.live[contact.status] : null;
  return (
    <header className="details-summary">
      <span className="details-kind">
        <Icon name={icons[contact.type] ?? 'phone'} size={20} />
      </span>
      <div className="details-what">
        <p className="details-type">{words.types[contact.type]}</p>
        <p className="details-when">
          <time dateTime={contact.startedAt}>{format.moment(contact.startedAt, timeZone)}</time>
        </p>
      </div>
      <span className={`details-status details-status-${tones[contact.status]}`}>{statusLabel(contact.status)}</span>
      {live && <p className="details-live">{live}</p>}
    </header>
  );
}
