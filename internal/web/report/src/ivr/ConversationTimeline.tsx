import './conversation.css';

import { type ReactNode, useCallback, useEffect } from 'react';
import { useClient, useQuery } from 'urql';

import { useAgain } from '../api/again';
import { apart, rememberAgents, useSharedNames } from '../api/agents';
import { Button } from '../design/Button';
import { useLocale } from '../locale';
import { isLive, statusLabel, statusTone, typeLabel } from '../report/labels';
import { type ConversationContact, conversationDocument } from './documents';
import { IvrSteps } from './IvrSteps';
import { Waiting } from './Waiting';

export interface ConversationTimelineProps {
  /** The contact whose conversation is shown; it is marked. */
  contactId: string;
  /** The zone that times are shown in. */
  timeZone: string;
  onDetails: (contactId: string) => void;
}

/** The contacts of one conversation in their order, each with its steps. Its height may change while it loads. */
export function ConversationTimeline({ contactId, timeZone, onDetails }: ConversationTimelineProps) {
  const { words, format } = useLocale();
  const client = useClient();
  const [{ data, error, fetching }, ask] = useQuery({
    query: conversationDocument,
    variables: { id: contactId },
    requestPolicy: 'cache-and-network',
  });
  const contacts = data?.contact?.conversation;
  const askAgain = useCallback(() => ask({ requestPolicy: 'network-only' }), [ask]);
  useAgain(contacts?.some(isLive) ?? false, askAgain);
  useEffect(() => {
    if (contacts)
      rememberAgents(
        client,
        contacts.map(({ agent }) => agent),
      );
  }, [client, contacts]);

  if (!contacts && (fetching || error)) {
    return (
      <Waiting
        loading={words.details.conversationLoading}
        failure={words.details.conversationFailed}
        failed={!fetching}
        onRetry={askAgain}
      />
    );
  }
  if (!contacts || contacts.length === 0) return <p className="ivr-note">{words.details.gone}.</p>;
  return (
    <section className="conversation" aria-label={words.details.conversation}>
      <h3 className="conversation-title">
        {words.details.conversation}
        <span className="conversation-count">{format.plural(contacts.length, words.details.conversationContacts)}</span>
      </h3>
      <ol className="conversation-list">
        {contacts.map((contact) => (
          <Entry key={contact.id} contact={contact} opened={contact.id === contactId} timeZone={timeZone} onDetails={onDetails} />
        ))}
      </ol>
    </section>
  );
}

function Entry({
  contact,
  opened,
  timeZone,
  onDetails,
}: {
  contact: ConversationContact;
  opened: boolean;
  timeZone: string;
  onDetails: (contactId: string) => void;
}) {
  const { words, format } = useLocale();
  const shared = useSharedNames(useClient());
  const at = format.moment(contact.startedAt, timeZone);
  const type = typeLabel(contact, words);
  const { agent, queue, campaign } = contact;
  return (
    <li
      className={opened ? 'conversation-entry conversation-opened' : 'conversation-entry'}
      aria-current={opened ? 'true' : undefined}>
      <div className="conversation-head">
        <time className="conversation-when" dateTime={contact.startedAt}>
          {at}
        </time>
        <bdi className="conversation-type">{type}</bdi>
        <span className={`conversation-status conversation-status-${statusTone(contact)}`}>{statusLabel(contact, words)}</span>
        {opened && <span className="conversation-this">{words.details.thisContact}</span>}
        <Button look="quiet" aria-label={words.details.openContact(`${type}, ${at}`)} onPress={() => onDetails(contact.id)}>
          {words.columns.details}
        </Button>
      </div>
      {(agent || campaign || queue) && (
        <div className="conversation-who">
          {agent && (
            <Fact label={words.columns.agent}>
              {apart(agent, shared)}
              {agent.deletedAt && ` (${words.details.deletedAgent})`}
            </Fact>
          )}
          {campaign && <Fact label={words.columns.campaign}>{campaign.name}</Fact>}
          {queue && <Fact label={words.columns.queue}>{queue.name}</Fact>}
        </div>
      )}
      {contact.ivrSteps.length > 0 && (
        <IvrSteps
          label={`${words.details.sections.ivr}: ${at}`}
          steps={contact.ivrSteps}
          live={isLive(contact)}
          timeZone={timeZone}
        />
      )}
    </li>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <span className="conversation-fact">
      <span className="conversation-label">{label}</span> <bdi>{children}</bdi>
    </span>
  );
}
