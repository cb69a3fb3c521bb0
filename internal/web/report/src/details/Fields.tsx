import type { ReactNode } from 'react';
import { useClient } from 'urql';

import type { Fault } from '../api/fault';
import { apart, useSharedNames } from '../api/agents';
import { useLocale } from '../locale';
import { Address, HiddenValue, isMasked } from './Hidden';
import type { ContactShown } from './documents';
import { statusLabel, typeLabel } from '../report/labels';

/** All fields of a contact, in sections; what a contact of its kind cannot have is left out. */
export function Fields({ contact, bccFault, timeZone }: { contact: ContactShown; bccFault?: Fault; timeZone: string }) {
  const { words, format } = useLocale();
  const shared = useSharedNames(useClient());
  const labels = { ...words.columns, ...words.details.fields };
  const seconds = (value: number | null | undefined) => (value == null ? null : format.duration(value));
  const quiet = (text: string) => <span className="details-quiet">{text}</span>;
  const addresses = [contact.sourceAddress, contact.destinationAddress, ...contact.toAddresses, ...contact.ccAddresses];
  const masked = addresses.some((address) => address != null && isMasked(address));
  const hiddenCopy = contact.bccAddresses
    ? list(contact.bccAddresses)
    : isEmail(contact) && <HiddenValue reason={bccFault?.message || words.details.mayNotBcc} />;
  return (
    <>
      <Section id="people" title={words.details.sections.people} note={masked ? words.details.masked : undefined}>
        <Field label={labels.sourceAddress}>{address(contact.sourceAddress) ?? quiet(words.details.unknown)}</Field>
        <Field label={labels.destinationAddress}>
          {list(contact.toAddresses) ?? address(contact.destinationAddress) ?? quiet(words.details.unknown)}
        </Field>
        <Field label={labels.ccAddresses}>{list(contact.ccAddresses)}</Field>
        <Field label={labels.bccAddresses}>{hiddenCopy}</Field>
        <Field label={labels.campaign}>{text(contact.campaign?.name) ?? quiet(words.details.outsideCampaign)}</Field>
        <Field label={labels.agent}>
          {contact.agent ? (
            <>
              {text(apart(contact.agent, shared))}
              {contact.agent.deletedAt && <span className="details-tag">{words.details.deletedAgent}</span>}
            </>
          ) : (
            quiet(words.details.noAgent)
          )}
        </Field>
      </Section>
      <Section id="course" title={words.details.sections.course}>
        <Field label={labels.startedAt}>{format.moment(contact.startedAt, timeZone)}</Field>
        <Field label={labels.type}>{text(typeLabel(contact, words))}</Field>
        <Field label={labels.status}>{statusLabel(contact, words)}</Field>
        <Field label={labels.talkTime}>{seconds(contact.talkTime)}</Field>
        <Field label={labels.ringTime}>{seconds(contact.ringTime)}</Field>
        <Field label={labels.ivrTime}>{seconds(contact.ivrTime)}</Field>
        <Field label={labels.agentTalkTime}>{seconds(contact.agentTalkTime)}</Field>
        <Field label={labels.holdTime}>{seconds(contact.holdTime)}</Field>
        <Field label={labels.wrapUpTime}>{seconds(contact.wrapUpTime)}</Field>
        <Field label={labels.queue}>{text(contact.queue?.name)}</Field>
        <Field label={labels.classifier}>{text(contact.classifier?.name) ?? quiet(words.details.noClassifier)}</Field>
        <Field label={labels.hangupParty}>{contact.hangupParty && words.hangup[contact.hangupParty]}</Field>
      </Section>
      <Section id="context" title={words.details.sections.context}>
        <Field label={labels.externalId}>{text(contact.externalId)}</Field>
        <Field label={labels.conversationId}>{text(contact.conversationId)}</Field>
        <Field label={labels.recordId}>{text(contact.record?.externalId)}</Field>
        <Field label={labels.significantField}>
          {contact.record?.significantField && (
            <>
              <bdi className="details-quiet">{contact.record.significantField.name}</bdi>{' '}
              {text(contact.record.significantField.value)}
            </>
          )}
        </Field>
        <Field label={labels.ticketId}>{text(contact.ticketId)}</Field>
        <Field label={labels.siteCall}>{text(contact.siteCall?.name)}</Field>
        <Field label={labels.siteCallOrderId}>{text(contact.siteCallOrderId)}</Field>
      </Section>
    </>
  );
}

function Section({ id, title, note, children }: { id: string; title: string; note?: string; children: ReactNode }) {
  return (
    <section className="details-section" aria-labelledby={`details-${id}`}>
      <h3 id={`details-${id}`} className="details-heading">
        {title}
      </h3>
      <dl className="details-fields">{children}</dl>
      {note && <p className="details-note">{note}</p>}
    </section>
  );
}

/** A label and its value; nothing at all where there is no value. */
function Field({ label, children }: { label: string; children: ReactNode }) {
  if (children === null || children === undefined || children === false) return null;
  return (
    <div className="details-field">
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function text(value: string | null | undefined): ReactNode {
  return value == null ? null : <bdi>{value}</bdi>;
}

function address(value: string | null | undefined): ReactNode {
  return value == null ? null : <Address>{value}</Address>;
}

function list(addresses: readonly string[]): ReactNode {
  if (addresses.length === 0) return null;
  return (
    <ul className="details-list">
      {addresses.map((one, index) => (
        <li key={index}>
          <Address>{one}</Address>
        </li>
      ))}
    </ul>
  );
}

function isEmail(contact: ContactShown): boolean {
  return contact.type === 'INBOUND_EMAIL' || contact.type === 'OUTBOUND_EMAIL';
}
