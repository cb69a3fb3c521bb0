import './state.css';

import type { ReactNode } from 'react';

import { Icon, type IconName } from './Icon';

/** What stands where there is nothing to show: empty, an error, offline. Announced when it appears. */
export function State({
  icon,
  title,
  children,
  actions,
  tone = 'calm',
}: {
  icon: IconName;
  title: string;
  children?: ReactNode;
  actions?: ReactNode;
  tone?: 'calm' | 'bad';
}) {
  return (
    <div className={`state state-${tone}`} role={tone === 'bad' ? 'alert' : 'status'}>
      <span className="state-icon">
        <Icon name={icon} size={24} />
      </span>
      <p className="state-title">{title}</p>
      {children && <div className="state-text">{children}</div>}
      {actions && <div className="state-actions">{actions}</div>}
    </div>
  );
}

/** A turning ring, with words for those who do not see it. */
export function Spinner({ label }: { label: string }) {
  return (
    <span className="spinner" role="status">
      <span className="unseen">{label}</span>
    </span>
  );
}

/** A grey bar in the place of text that is being loaded. */
export function Bone({ width = '60%' }: { width?: string }) {
  return <span className="bone" style={{ width }} />;
}
