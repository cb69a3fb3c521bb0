import { print } from '@0no-co/graphql.web';
import { expect, test } from 'vitest';

import { flagNames, listNames } from '../report/criteria';
import { downloadFilterDocument } from './documents';

test.each([...listNames, ...flagNames])('the report of a file is asked for with its %s', (name) => {
  expect(print(downloadFilterDocument as never)).toMatch(new RegExp(`\\b${name}\\b`));
});
