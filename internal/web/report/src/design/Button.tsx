import './button.css';

import type { ReactNode } from 'react';
import { Button as AriaButton, type ButtonProps as AriaButtonProps, Link, Tooltip, TooltipTrigger } from 'react-aria-components';

import { Icon, type IconName } from './Icon';

type Look = 'primary' | 'secondary' | 'quiet' | 'danger';

export interface ButtonProps extends Omit<AriaButtonProps, 'className' | 'children'> {
  look?: Look;
  icon?: IconName;
  children: ReactNode;
}

/** A button with words, and perhaps an icon before them. */
export function Button({ look = 'secondary', icon, children, ...props }: ButtonProps) {
  return (
    <AriaButton {...props} className={`button button-${look}`}>
      {icon && <Icon name={icon} />}
      <span className="button-words">{children}</span>
    </AriaButton>
  );
}

export interface IconButtonProps extends Omit<AriaButtonProps, 'className' | 'children' | 'aria-label'> {
  icon: IconName;
  /** What it does: its name for assistive technology, and its tooltip. */
  label: string;
  size?: 'small' | 'medium';
}

/** A button of an icon alone. */
export function IconButton({ icon, label, size = 'medium', ...props }: IconButtonProps) {
  return (
    <TooltipTrigger delay={600} closeDelay={0}>
      <AriaButton {...props} aria-label={label} className={`icon-button icon-button-${size}`}>
        <Icon name={icon} />
      </AriaButton>
      <Tooltip className="tooltip" offset={6}>
        {label}
      </Tooltip>
    </TooltipTrigger>
  );
}

/** A link that looks like a button, for what the browser fetches or opens itself. */
export function ButtonLink({
  href,
  look = 'secondary',
  icon,
  download,
  target,
  children,
}: {
  href: string;
  look?: Look;
  icon?: IconName;
  download?: string | boolean;
  target?: string;
  children: ReactNode;
}) {
  return (
    <Link href={href} download={download} target={target} rel="noreferrer" className={`button button-${look}`}>
      {icon && <Icon name={icon} />}
      <span className="button-words">{children}</span>
    </Link>
  );
}
