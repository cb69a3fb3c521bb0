import './files.css';

import { useEffect, useMemo, useState } from 'react';
import { useMutation } from 'urql';

import { type Fault, faultsOf } from '../api/fault';
import type { ContactFilter, ExportFormat, ExportKind, Locale, Scope } from '../api/generated/graphql';
import { Button } from '../design/Button';
import { Dialog } from '../design/Dialog';
import { useLocale } from '../locale';
import type { ColumnId } from '../report/columns';
import { newOrderName } from './actions';
import { exportDocument } from './documents';
import { Making } from './Making';
import { attend, awaitFile } from './ordered';
import { Preview } from './Preview';
import { type ColumnChoice, fileColumns } from './shape';

export interface GenerateDialogProps {
  /** The filter that the table shows. */
  filter: ContactFilter;
  kind: ExportKind;
  /** The columns that the table shows. */
  shown: readonly ColumnId[];
  scopes: ReadonlySet<Scope>;
  onClose: () => void;
}

/** Says what a file would hold, orders it, and follows it. Opened by the toolbar; modal. */
export function GenerateDialog({ filter, kind, shown, scopes, onClose }: GenerateDialogProps) {
  const { words, language } = useLocale();
  const [fileLocale, setFileLocale] = useState<Locale>(language === 'en' ? 'EN' : 'PL');
  const [format, setFormat] = useState<ExportFormat>('XLSX');
  const [choice, setChoice] = useState<ColumnChoice>('screen');
  const columns = useMemo(() => fileColumns(choice, shown, scopes), [choice, shown, scopes]);
  const [ordered, setOrdered] = useState<string | null>(null);
  const [fault, setFault] = useState<Fault | null>(null);
  const [possible, setPossible] = useState(false);
  const [{ fetching }, send] = useMutation(exportDocument);
  // The same name for the same order, so that a second click, or sending again what got no answer, makes one file.
  const [orderName, setOrderName] = useState(newOrderName);
  useEffect(() => (ordered ? attend(ordered) : undefined), [ordered]);

  const order = async () => {
    setFault(null);
    const { data, error } = await send({
      input: { filter, kind, columns, format, locale: fileLocale, clientMutationId: orderName },
    });
    const download = data?.exportContacts.download;
    if (!download) {
      setFault(faultsOf(error)[0] ?? null);
      return;
    }
    awaitFile(download.id);
    setOrdered(download.id);
  };
  // Another order needs another name.
  const changing =
    <T,>(set: (value: T) => void) =>
    (value: T) => {
      set(value);
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
      <Preview
        filter={filter}
        kind={kind}
        columns={columns}
        format={format}
        onFormat={changing(setFormat)}
        choice={choice}
        onChoice={changing(setChoice)}
        locale={fileLocale}
        onLocale={changing(setFileLocale)}
        onPossible={setPossible}
        fault={fault}
      />
    </Dialog>
  );
}
