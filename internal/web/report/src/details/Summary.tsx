import type { ContactType } from '../api/generated/graphql';
import { Icon, type IconName } from '../design/Icon';
import { useLocale, type Words } from '../locale';
import { statusLabel, statusTone, typeLabel } from '../report/labels';
import type { ContactShown } from './documents';

const icons: Partial<Record<ContactType, IconName>> = {
  OUTBOUND_EMAIL: 'mail',
  INBOUND_EMAIL: 'mail',
  OUTBOUND_SMS: 'sms',
  INBOUND_SMS: 'sms',
  CHAT: 'chat',
  MESSENGER_CHAT: 'chat',
};

/** What there is to say of a contact that is not over; null of any other. */
function remark({ status, unfinished }: ContactShown, words: Words): string | null {
  if (unfinished) return words.details.unfinished;
  return status === 'RINGING' || status === 'PENDING' ? words.details.live[status] : null;
}

/** What kind of contact it is, how it ended and when it was, at one glance. */
export function Summary({ contact, timeZone }: { contact: ContactShown; timeZone: string }) {
  const { words, format } = useLocale();
  const said = remark(contact, words);
  return (
    <header className="details-summary">
      <span className="details-kind">
        <Icon name={icons[contact.type] ?? 'phone'} size={20} />
      </span>
      <div className="details-what">
        <p className="details-type">
          <bdi>{typeLabel(contact, words)}</bdi>
        </p>
        <p className="details-when">
          <time dateTime={contact.startedAt}>{format.moment(contact.startedAt, timeZone)}</time>
        </p>
      </div>
      <span className={`details-status details-status-${statusTone(contact)}`}>{statusLabel(contact, words)}</span>
      {said && <p className="details-live">{said}</p>}
    </header>
  );
}
