import type { Words } from '../pl';

export const files: Words['files'] = {
  generate: 'Generate',
  downloads: 'Files to download',
  close: 'Close',
};
