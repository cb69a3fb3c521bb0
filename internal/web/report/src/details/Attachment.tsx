import { useState } from 'react';
import { useClient } from 'urql';

import { save } from '../api/save';
import { IconButton } from '../design/Button';
import { Icon } from '../design/Icon';
import { Spinner } from '../design/State';
import { useLocale } from '../locale';
import { attachmentsDocument, type Content } from './documents';

type AttachmentShown = Extract<Content, { __typename: 'EmailInfo' }>['attachments'][number];

/** A file that came with an e-mail, with a button that saves it where the server has it. */
export function Attachment({ contactId, index, attachment }: { contactId: string; index: number; attachment: AttachmentShown }) {
  const { words, format } = useLocale();
  const client = useClient();
  const [fetching, setFetching] = useState<'' | 'asked' | 'failed'>('');
  const name = plainly(attachment.name);
  const fetch = async () => {
    setFetching('asked');
    const { data } = await client.query(attachmentsDocument, { id: contactId }, { requestPolicy: 'network-only' });
    const details = data?.contact?.details;
    const url = details && 'attachments' in details ? details.attachments[index]?.url : null;
    if (url) save(url);
    setFetching(url ? '' : 'failed');
  };
  return (
    <li className="email-attachment">
      <Icon name="clip" />
      <bdi>{name}</bdi>
      <span>{format.bytes(attachment.size)}</span>
      {attachment.state === 'AVAILABLE' && fetching !== 'asked' && (
        <IconButton icon="download" size="small" label={words.details.saveAttachment(name)} onPress={() => void fetch()} />
      )}
      {fetching === 'asked' && <Spinner label={words.details.saveAttachment(name)} />}
      {fetching === 'failed' ? (
        <span role="alert">{words.details.attachmentFailed}</span>
      ) : (
        isAway(attachment) && <span>{words.details.attachmentAway[attachment.state]}</span>
      )}
    </li>
  );
}

type Away = 'REMOVED' | 'UNREACHABLE';

/** Whether it is worth saying why a file cannot be had; most platforms hand their files over to nobody. */
function isAway(attachment: AttachmentShown): attachment is AttachmentShown & { state: Away } {
  return attachment.state === 'REMOVED' || attachment.state === 'UNREACHABLE';
}

/** A file's name without the marks that turn letters round: “exe.pdf” must not be what ends in “fdp.exe”. */
function plainly(name: string): string {
  return name.replace(/[\u202a-\u202e\u2066-\u2069]/g, '\ufffd');
}
