import { expect, test } from 'vitest';

import { flagNames, type ListName, listNames } from '../report/criteria';
import panel from './FilterPanel.tsx?raw';

/** The criteria that come by a link, or have a field named after them alone. */
const elsewhere: readonly ListName[] = ['statuses', 'recordIds', 'contactIds'];

test.each([...listNames.filter((name) => !elsewhere.includes(name)), ...flagNames])('the panel has a field for %s', (name) => {
  expect(panel).toContain(`name="${name}"`);
});
