import { expect, test } from 'vitest';

import { columnIds } from '../report/columns';
import { fileColumns } from './shape';

const all = new Set(['CONTACTS_BCC'] as const);

test('a file has the columns of the table in their order', () => {
  expect(fileColumns('screen', ['outcome', 'startedAt', 'holdTime', 'recordId'], all)).toEqual([
    'OUTCOME',
    'STARTED_AT',
    'RECORD',
  ]);
});

test('a file has each column of the table once, but those that no file has', () => {
  const columns = fileColumns('screen', columnIds, all) ?? [];
  expect(new Set(columns).size).toBe(columns.length);
  expect(columns.length).toBe(columnIds.length - 4);
});

test('hidden recipients are not asked for without their scope', () => {
  expect(fileColumns('screen', ['bccAddresses', 'agent'], new Set())).toEqual(['AGENT']);
  expect(fileColumns('screen', ['bccAddresses', 'agent'], all)).toEqual(['BCC_ADDRESSES', 'AGENT']);
});

test('all columns are the report’s own, and so are those of a table that shows none of them', () => {
  expect(fileColumns('all', ['agent'], all)).toBeNull();
  expect(fileColumns('screen', ['holdTime', 'lostAt'], all)).toBeNull();
});
