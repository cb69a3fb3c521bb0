import { buildSchema, parse, validate } from 'graphql';
import { print } from '@0no-co/graphql.web';
import { expect, test } from 'vitest';

import { columnIds } from '../report/columns';
import { schemaText } from '../testing/schema';
import { pageDocument, standingQuery } from './query';

const schema = buildSchema(schemaText);

function nodesOf(text: string): string {
  return /nodes \{([\s\S]*)\}\s*\}\s*\}\s*$/.exec(text)![1]!.replace(/\s+/g, ' ').trim();
}

test('a page asks for the columns shown, and for what every row needs', () => {
  const text = print(pageDocument(['agent', 'talkTime']));
  expect(nodesOf(text)).toBe('id type ivrTime status unfinished conversationId agent { name externalId deletedAt } talkTime');
  expect(text).not.toContain('@include');
});

test.each(columnIds)('the query of the column %s holds for the schema', (id) => {
  expect(validate(schema, parse(print(pageDocument([id]) as never)))).toEqual([]);
});

test('the standing query holds for the schema, with its values written into it', () => {
  const text = standingQuery(['externalId', 'details'], {
    filter: { period: { preset: 'TODAY' }, statuses: ['BUSY'], ticketIds: ['T"1'], hours: { from: '08:00' } } as never,
    orderBy: { field: 'TALK_TIME', direction: 'ASC' },
    first: 100,
  });
  expect(validate(schema, parse(text))).toEqual([]);
  expect(text).toContain('preset: TODAY');
  expect(text).toContain('statuses: [BUSY]');
  expect(text).toContain(String.raw`ticketIds: ["T\"1"]`);
  expect(text).toContain('from: "08:00"');
  expect(text).toContain('first: 100');
  expect(text).not.toMatch(/\$|after/);
});
