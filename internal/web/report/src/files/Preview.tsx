import { useEffect } from 'react';
import { Label, Radio, RadioGroup } from 'react-aria-components';
import { useQuery } from 'urql';

import { type Fault, faultsOf } from '../api/fault';
import type { ContactFilter, ExportKind, Locale } from '../api/generated/graphql';
import { Button } from '../design/Button';
import { Icon } from '../design/Icon';
import { Bone, Spinner } from '../design/State';
import { useLocale } from '../locale';
import { sentence } from './actions';
import { previewDocument } from './documents';

/** What a file would hold, what to know before it is ordered, and the language it is written in. */
export function Preview({
  filter,
  kind,
  locale,
  onLocale,
  onPossible,
  fault,
}: {
  filter: ContactFilter;
  kind: ExportKind;
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
    variables: { filter, kind },
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
        {figure(preview?.sheets, words.files.sheets)}
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
      <RadioGroup
        className="choice-group"
        orientation="horizontal"
        value={locale}
        onChange={(value) => onLocale(value as Locale)}>
        <Label>{words.files.language}</Label>
        {(['PL', 'EN'] as const).map((one) => (
          <Radio key={one} value={one} className="choice">
            {words.files.languages[one]}
          </Radio>
        ))}
      </RadioGroup>
      {fault && (
        <div className="files-fault" role="alert">
          <Icon name="warn" />
          <p>{sentence(fault, words.files)}</p>
        </div>
      )}
    </div>
  );
}
