import { Icon } from '../design/Icon';
import { useLocale } from '../locale';

/** In the place of what one may not see: that it is there, and why it is not shown. */
export function Hidden({ title, reason }: { title: string; reason: string }) {
  return (
    <div className="details-hidden">
      <Icon name="lock" />
      <p>
        <strong>{title}</strong>
        <span>{reason}</span>
      </p>
    </div>
  );
}

/** The same within a line: “hidden”, and the reason below it. */
export function HiddenValue({ reason }: { reason: string }) {
  const { words } = useLocale();
  return (
    <span className="details-hidden-value">
      <Icon name="lock" size={14} />
      <span>
        {words.details.hidden}
        <small>{reason}</small>
      </span>
    </span>
  );
}

/** What the API leaves of an address for those who may not see it whole. */
const mask = '***';

export function isMasked(address: string): boolean {
  return address.includes(mask);
}

/** A phone number or e-mail address; a masked one says so. */
export function Address({ children: address }: { children: string }) {
  if (!isMasked(address)) return <bdi className="details-address">{address}</bdi>;
  return (
    <span className="details-masked">
      <bdi>{address}</bdi>
      <Icon name="lock" size={12} />
    </span>
  );
}
