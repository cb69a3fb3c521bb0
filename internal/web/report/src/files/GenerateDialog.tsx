import type { ContactFilter, ExportKind } from '../api/generated/graphql';
import { useLocale } from '../locale';

export interface GenerateDialogProps {
  /** The filter that the table shows. */
  filter: ContactFilter;
  kind: ExportKind;
  onClose(): void;
}

/** Says what a file would hold, orders it, and follows it. Opened by the toolbar; modal. */
export function GenerateDialog({ kind, onClose }: GenerateDialogProps) {
  const { words } = useLocale();
  return (
    <div role="dialog" aria-label={words.exportKinds[kind]}>
      <button onClick={onClose}>{words.files.close}</button>
    </div>
  );
}
