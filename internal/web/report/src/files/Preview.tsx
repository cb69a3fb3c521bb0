import { useEffect } from 'react';
import { Label, Radio, RadioGroup } from 'react-aria-components';
import { useQuery } from 'urql';

import { type Fault, faultsOf } from '../api/fault';
import type { ContactColumn, ContactFilter, ExportFormat, ExportKind, Locale } from '../api/generated/graphql';
import { Button } from '../design/Button';
import { Icon } from '../design/Icon';
import { Bone, Spinner } from '../design/State';
import { useLocale } from '../locale';
import { sentence } from './actions';
import { previewDocument } from './documents';
import { type ColumnChoice, formats } from './shape';

/** What a file would hold, what to know before it is ordered, and how it is written. */
export function Preview({
  filter,
  kind,
  columns,
  format: fileFormat,
  onFormat,
  choice,
  onChoice,
  locale,
  onLocale,
  onPossible,
  fault,
}: {
  filter: ContactFilter;
  kind: ExportKind;
  columns: ContactColumn[] | null;
  format: ExportFormat;
  onFormat: (format: ExportFormat) => void;
  choice: ColumnChoice;
  onChoice: (choice: ColumnChoice) => void;
  locale: Locale;
  onLocale: (locale: Locale) => void;
  /** Whether an order would be taken, as far as is known. */
  onPossible: (possible: boolean) => void;
  /** Why the last order was not taken. */
  fault: Fault | null;
}) {
  const { words, format } = useLocale();
  const [{ data, error, fetching }, ask] = useQuery({
    query: previewDocument,
    variables: { filter, kind, columns, format: fileFormat },
    requestPolicy: 'network-only',
  });
  const preview = data?.exportPreview;
  const possible = preview !== undefined && !fetching && !preview.warnings.some((warning) => warning.code === 'OVER_LIMIT');
  useEffect(() => onPossible(possible), [possible, onPossible]);

  if (error && !preview) {
    return (
      <div className="files-fault" role="alert">
        <Icon name="warn" />
        <div>
          <strong>{words.files.previewFailed}</strong>
          <p>{faultsOf(error)[0]?.message || words.files.offline}</p>
          <Button icon="again" onPress={() => ask({ requestPolicy: 'network-only' })}>
            {words.files.retry}
          </Button>
        </div>
      </div>
    );
  }
  const figure = (count: number | undefined, forms: Parameters<typeof format.plural>[1]) => (
    <div className="preview-figure">
      {count === undefined ? (
        <Bone width="72px" />
      ) : (
        <>
          <dd>{format.number(count)}</dd>
          <dt>{format.plural(count, forms)}</dt>
        </>
      )}
    </div>
  );
  return (
    <div className="preview">
      <p className="files-quiet">{words.files.kindText[kind]}</p>
      <dl className="preview-figures" aria-label={words.files.holds} aria-busy={!preview}>
        {figure(preview?.contacts, words.files.contacts)}
        {figure(preview?.lines, words.files.lines)}
        {fileFormat === 'XLSX' && figure(preview?.sheets, words.files.sheets)}
      </dl>
      {!preview && (
        <span className="unseen">
          <Spinner label={words.files.previewLoading} />
        </span>
      )}
      {preview && preview.warnings.length > 0 && (
        <ul className="preview-warnings" aria-label={words.files.warnings}>
          {preview.warnings.map((warning) => (
            <li
              key={warning.code}
              className={warning.code === 'OVER_LIMIT' ? 'preview-warning preview-warning-bad' : 'preview-warning'}>
              <Icon name={warning.code === 'LIVE_CONTACTS' || warning.code === 'SEVERAL_SHEETS' ? 'info' : 'warn'} />
              <span>{warning.message}</span>
            </li>
          ))}
        </ul>
      )}
      <Choice label={words.files.format} values={formats} words={words.files.formats} value={fileFormat} onChange={onFormat} />
      {fileFormat !== 'XLSX' && <p className="files-quiet">{words.files.formatText}</p>}
      <Choice label={words.files.columns} values={choices} words={words.files.columnChoices} value={choice} onChange={onChoice} />
      <Choice label={words.files.language} values={languages} words={words.files.languages} value={locale} onChange={onLocale} />
      {fault && (
        <div className="files-fault" role="alert">
          <Icon name="warn" />
          <p>{sentence(fault, words.files)}</p>
        </div>
      )}
    </div>
  );
}

const languages: readonly Locale[] = ['PL', 'EN'];
const choices: readonly ColumnChoice[] = ['screen', 'all'];

/** One of a few values. */
function Choice<T extends string>({
  label,
  values,
  words,
  value,
  onChange,
}: {
  label: string;
  values: readonly T[];
  words: Readonly<Record<T, string>>;
  value: T;
  onChange: (value: T) => void;
}) {
  return (
    <RadioGroup className="choice-group" orientation="horizontal" value={value} onChange={(one) => onChange(one as T)}>
      <Label>{label}</Label>
      {values.map((one) => (
        <Radio key={one} value={one} className="choice">
          {words[one]}
        </Radio>
      ))}
    </RadioGroup>
  );
}
