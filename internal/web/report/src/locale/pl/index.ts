import { polishContactType, polishExportKind } from '../labels.generated';
import { details } from './details';
import { files } from './files';

/** Every Polish word of the page. Labels of the report are those that users know, letter for letter. */
export const pl = {
  product: 'Kontakty',
  types: polishContactType as Record<keyof typeof polishContactType, string>,
  exportKinds: polishExportKind as Record<keyof typeof polishExportKind, string>,
  hangup: { CUSTOMER: 'klient', AGENT: 'agent', SYSTEM: 'system' },
  details,
  files,
};

export type Words = typeof pl;
