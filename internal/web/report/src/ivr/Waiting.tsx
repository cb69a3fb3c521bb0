import { Button } from '../design/Button';
import { Icon } from '../design/Icon';
import { Spinner } from '../design/State';
import { useLocale } from '../locale';

export interface WaitingProps {
  /** What is said while it loads, and what once that failed. */
  loading: string;
  failure: string;
  failed: boolean;
  onRetry: () => void;
}

/** What stands below a row until there is an answer. */
export function Waiting({ loading, failure, failed, onRetry }: WaitingProps) {
  const { words } = useLocale();
  if (!failed) {
    return (
      <p className="ivr-note">
        <Spinner label={loading} />
      </p>
    );
  }
  return (
    <p className="ivr-note" role="alert">
      <Icon name="warn" />
      {failure}
      <Button look="quiet" icon="again" onPress={onRetry}>
        {words.details.retry}
      </Button>
    </p>
  );
}
