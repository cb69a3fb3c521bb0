import './dialog.css';

import type { ReactNode } from 'react';
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components';

import { IconButton } from './Button';

/** A modal dialog in the middle of the page: focus stays inside, Escape closes it. */
export function Dialog({
  title,
  closeLabel,
  onClose,
  children,
  footer,
}: {
  title: string;
  closeLabel: string;
  onClose: () => void;
  children: ReactNode;
  /** Buttons at the foot, the main one last. */
  footer?: ReactNode;
}) {
  return (
    <ModalOverlay className="dialog-veil" isOpen isDismissable onOpenChange={(open) => open || onClose()}>
      <Modal className="dialog">
        <AriaDialog className="dialog-inside">
          <header className="dialog-head">
            <Heading slot="title" className="dialog-title">
              {title}
            </Heading>
            <IconButton icon="close" label={closeLabel} onPress={onClose} />
          </header>
          <div className="dialog-body">{children}</div>
          {footer && <footer className="dialog-foot">{footer}</footer>}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}
