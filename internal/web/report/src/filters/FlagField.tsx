import { Checkbox } from '../design/Checkbox';
import type { FlagName } from '../report/criteria';
import { changeDraft, useDraft } from './draft';

/** A criterion that is asked for or not; `of` is the field that it belongs to, for those who cannot see that. */
export function FlagField({ name, label, of }: { name: FlagName; label: string; of?: string }) {
  const draft = useDraft();
  return (
    <Checkbox isSelected={draft[name]} onChange={(asked) => changeDraft({ [name]: asked })}>
      {label}
      {of && <span className="unseen"> – {of}</span>}
    </Checkbox>
  );
}
