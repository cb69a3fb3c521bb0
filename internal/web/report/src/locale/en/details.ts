import type { Words } from '../pl';

export const details: Words['details'] = {
  title: 'Contact details',
  close: 'Close',
};
