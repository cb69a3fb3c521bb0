import { Checkbox } from '../design/Checkbox';
import type { FlagName } from '../report/criteria';
import { changeDraft, useDraft } from './draft';

/**
 * A criterion that is asked for or not; `of` is the field that it belongs to, for those who cannot see that, and `hint`
 * says what it asks for.
 */
export function FlagField({ name, label, of, hint }: { name: FlagName; label: string; of?: string; hint?: string }) {
  const draft = useDraft();
  return (
    <Checkbox isSelected={draft[name]} onChange={(asked) => changeDraft({ [name]: asked })}>
      {label}
      {hint && <span className="flag-hint"> – {hint}</span>}
      {of && <span className="unseen"> – {of}</span>}
    </Checkbox>
  );
}
