import type { Scope } from '../api/generated/graphql';
import { Icon, type IconName } from '../design/Icon';
import { apart } from '../api/agents';
import type { Locale } from '../locale';
import { RowPlayer } from '../player/RowPlayer';
import { typeLabel } from '../report/labels';
import type { ColumnId } from '../report/columns';
import type { Row } from './pages';

/** What a cell needs beside its row. */
export interface CellContext {
  locale: Locale;
  timeZone: string;
  /** What the reader may see, as scopes. */
  scopes: ReadonlySet<Scope>;
  /** The names that several agents have. */
  sharedNames: ReadonlySet<string>;
  onDetails: (contactId: string) => void;
}

/** The content of a cell. What people wrote is text, whatever it looks like. */
export function Cell({ column, row, context }: { column: ColumnId; row: Row; context: CellContext }) {
  const { contact, hidden } = row;
  const { words, format } = context.locale;
  switch (column) {
    case 'externalId':
      return <Plain text={contact.externalId} mono />;
    case 'campaign':
      return <Plain text={contact.campaign?.name} />;
    case 'agent':
      return <Agent agent={contact.agent} context={context} />;
    case 'sourceAddress':
      return <Address text={contact.sourceAddress} context={context} />;
    case 'destinationAddress':
      return <Recipients contact={contact} context={context} />;
    case 'ccAddresses':
      return <Address text={contact.ccAddresses?.join(', ')} context={context} />;
    case 'bccAddresses':
      // Only e-mails have any; of others there is nothing to hide.
      if (hidden.has('bccAddresses') && !contact.type.endsWith('_EMAIL')) return null;
      if (hidden.has('bccAddresses')) return <Hidden reason={words.table.hiddenBcc} word={words.table.hidden} />;
      return <Address text={contact.bccAddresses?.join(', ')} context={context} />;
    case 'startedAt':
      return <Plain text={contact.startedAt && format.moment(contact.startedAt, context.timeZone)} />;
    case 'talkTime':
    case 'ringTime':
    case 'agentTalkTime':
    case 'holdTime':
    case 'wrapUpTime':
    case 'queueTime':
    case 'timeToAnswer':
    case 'lostAfter':
      return <Plain text={contact[column] == null ? null : format.duration(contact[column])} />;
    case 'outcome':
      return <Plain text={contact.outcome && words.outcomes[contact.outcome]} />;
    case 'reachedAgent':
      return <Plain text={contact.reachedAgent == null ? null : words.yesOrNo(contact.reachedAgent)} />;
    case 'lostAt':
      return <Plain text={contact.lostAt && words.lostAt[contact.lostAt]} />;
    case 'type':
      return <Plain text={typeLabel(contact, words)} />;
    case 'status':
      return <Status contact={contact} context={context} />;
    case 'recordId':
      return <Plain text={contact.record?.externalId} mono />;
    case 'significantField': {
      const field = contact.recordOfField?.significantField;
      return <Plain text={field?.value} title={field?.value ? `${field.name}: ${field.value}` : undefined} />;
    }
    case 'classifier':
      return <Plain text={contact.classifier?.name} />;
    case 'queue':
      return <Plain text={contact.queue?.name} />;
    case 'details':
      return <Details row={row} context={context} />;
    case 'hangupParty':
      return <Plain text={contact.hangupParty && words.hangup[contact.hangupParty]} />;
  }
}

function Plain({ text, mono, title }: { text?: string | null; mono?: boolean; title?: string }) {
  if (!text) return null;
  return (
    <span className={mono ? 'cell-text cell-mono' : 'cell-text'} title={title ?? text}>
      {text}
    </span>
  );
}

function Agent({ agent, context }: { agent: Row['contact']['agent']; context: CellContext }) {
  if (!agent) return null;
  const name = apart(agent, context.sharedNames);
  if (!agent.deletedAt) return <Plain text={name} />;
  return (
    <span className="cell-deleted" title={`${name} (${context.locale.words.table.deletedAgent})`}>
      {name}
    </span>
  );
}

/** The recipient of a contact, or the first of several and how many more there are. */
function Recipients({ contact, context }: { contact: Row['contact']; context: CellContext }) {
  const [first, ...more] = contact.toAddresses ?? [];
  if (first === undefined || more.length === 0) return <Address text={contact.destinationAddress} context={context} />;
  return (
    <span className="cell-several" title={[first, ...more].join(', ')}>
      <Address text={first} context={context} />
      <span className="cell-more">{context.locale.format.plural(more.length, context.locale.words.table.moreRecipients)}</span>
    </span>
  );
}

/** An address, whole or masked by the API for those who may not see it. */
function Address({ text, context }: { text?: string | null; context: CellContext }) {
  if (!text) return null;
  if (!context.scopes.has('CONTACTS_ADDRESSES') && text.includes('*')) {
    return <Hidden reason={context.locale.words.table.hiddenAddress} word={text} />;
  }
  return <Plain text={text} />;
}

function Hidden({ reason, word }: { reason: string; word: string }) {
  return (
    <span className="cell-hidden" title={reason}>
      <Icon name="lock" size={12} />
      <span className="cell-text">{word}</span>
      <span className="unseen">{reason}</span>
    </span>
  );
}

function Status({ contact: { status, unfinished }, context }: { contact: Row['contact']; context: CellContext }) {
  const { words } = context.locale;
  if (unfinished) {
    return (
      <span className="status status-unfinished" title={words.table.unfinished}>
        <span className="status-dot" />
        {words.unfinished}
        <span className="unseen">{words.table.unfinished}</span>
      </span>
    );
  }
  const live = status === 'RINGING' || status === 'PENDING';
  return (
    <span className={`status status-${status}`} title={live ? words.table.live[status] : words.statuses[status]}>
      <span className="status-dot" />
      {status.replaceAll('_', ' ')}
      {live && <span className="unseen">{words.table.live[status]}</span>}
    </span>
  );
}

const detailsIcons: Record<string, IconName> = { RecordingInfo: 'info', EmailInfo: 'mail', ChatInfo: 'chat', SmsInfo: 'sms' };

function Details({ row: { contact, hidden }, context }: { row: Row; context: CellContext }) {
  const { words } = context.locale;
  if (hidden.has('details')) return <Hidden reason={words.table.hiddenContent} word={words.table.hidden} />;
  if (!contact.details) return null;
  const kind = words.detailsKinds[contact.details.__typename];
  const opening = (
    <button
      type="button"
      className="icon-button icon-button-small"
      tabIndex={-1}
      aria-label={words.table.openDetails(kind)}
      title={words.table.openDetails(kind)}
      onClick={() => context.onDetails(contact.id)}>
      <Icon name={detailsIcons[contact.details.__typename] ?? 'info'} />
    </button>
  );
  if (contact.details.__typename !== 'RecordingInfo') return opening;
  return (
    <>
      <RowPlayer contactId={contact.id} locale={context.locale} />
      {opening}
    </>
  );
}
