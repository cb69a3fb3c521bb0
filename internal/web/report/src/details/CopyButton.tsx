import { useEffect, useState } from 'react';

import { Button } from '../design/Button';
import { useLocale } from '../locale';

/** How long it says that it copied, in milliseconds. */
const saying = 2_500;

/** Copies a text; says so, also to those who do not see it. */
export function CopyButton({ text }: { text: string }) {
  const { words } = useLocale();
  const [copied, setCopied] = useState(0);
  useEffect(() => {
    if (copied === 0) return;
    const timer = setTimeout(() => setCopied(0), saying);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <>
      <Button icon={copied ? 'check' : 'file'} onPress={() => void copy(text).then((done) => done && setCopied((n) => n + 1))}>
        {copied ? words.details.copied : words.details.copy}
      </Button>
      <span className="unseen" role="status">
        {copied ? words.details.copied : ''}
      </span>
    </>
  );
}

/** Copies; without HTTPS a browser has no clipboard to write to, but still copies what is selected. */
async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const before = document.activeElement;
    const field = document.createElement('textarea');
    field.value = text;
    field.className = 'unseen';
    document.body.append(field);
    field.select();
    const done = document.execCommand('copy');
    field.remove();
    if (before instanceof HTMLElement) before.focus({ preventScroll: true });
    return done;
  }
}
