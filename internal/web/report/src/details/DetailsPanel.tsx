import { useLocale } from '../locale';

export interface DetailsPanelProps {
  /** The contact's id. */
  contactId: string;
  /** The zone that times are shown in. */
  timeZone: string;
  onClose(): void;
}

/** The side panel of one contact: its recording, e-mail, chat or SMS. */
export function DetailsPanel({ contactId, onClose }: DetailsPanelProps) {
  const { words } = useLocale();
  return (
    <aside aria-label={words.details.title}>
      <button onClick={onClose}>{words.details.close}</button>
      <p>{contactId}</p>
    </aside>
  );
}
