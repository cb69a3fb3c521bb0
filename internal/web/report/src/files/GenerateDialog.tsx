import './files.css';

import { useEffect, useState } from 'react';
import { useMutation } from 'urql';

import { type Fault, faultsOf } from '../api/fault';
import type { ContactFilter, ExportKind, Locale } from '../api/generated/graphql';
import { Button } from '../design/Button';
import { Dialog } from '../design/Dialog';
import { useLocale } from '../locale';
import { newOrderName } from './actions';
import { exportDocument } from './documents';
import { Making } from './Making';
import { attend, awaitFile } from './ordered';
import { Preview } from './Preview';

export interface GenerateDialogProps {
  /** The filter that the table shows. */
  filter: ContactFilter;
  kind: ExportKind;
  onClose: () => void;
}

/** Says what a file would hold, orders it, and follows it. Opened by the toolbar; modal. */
export function GenerateDialog({ filter, kind, onClose }: GenerateDialogProps) {
  const { words, language } = useLocale();
  const [fileLocale, setFileLocale] = useState<Locale>(language === 'en' ? 'EN' : 'PL');
  const [ordered, setOrdered] = useState<string | null>(null);
  const [fault, setFault] = useState<Fault | null>(null);
  const [possible, setPossible] = useState(false);
  const [{ fetching }, send] = useMutation(exportDocument);
  // The same name for the same order, so that a second click, or sending again what got no answer, makes one file.
  const [orderName, setOrderName] = useState(newOrderName);
  useEffect(() => (ordered ? attend(ordered) : undefined), [ordered]);

  const order = async () => {
    setFault(null);
    const { data, error } = await send({ input: { filter, kind, locale: fileLocale, clientMutationId: orderName } });
    const download = data?.exportContacts.download;
    if (!download) {
      setFault(faultsOf(error)[0] ?? null);
      return;
    }
    awaitFile(download.id);
    setOrdered(download.id);
  };
  const speak = (locale: Locale) => {
    setFileLocale(locale);
    setOrderName(newOrderName());
  };
  const anew = () => {
    setOrdered(null);
    setOrderName(newOrderName());
  };

  if (ordered) return <Making id={ordered} title={words.exportKinds[kind]} onAgain={anew} onClose={onClose} />;
  return (
    <Dialog
      title={words.exportKinds[kind]}
      closeLabel={words.files.close}
      onClose={onClose}
      footer={
        <>
          <Button onPress={onClose}>{words.files.cancelDialog}</Button>
          <Button look="primary" icon="file" isDisabled={!possible} isPending={fetching} onPress={() => void order()}>
            {words.files.order}
          </Button>
        </>
      }>
      <Preview filter={filter} kind={kind} locale={fileLocale} onLocale={speak} onPossible={setPossible} fault={fault} />
    </Dialog>
  );
}
