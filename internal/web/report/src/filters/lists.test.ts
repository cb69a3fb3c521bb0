import { buildSchema, parse, validate } from 'graphql';
import { print } from '@0no-co/graphql.web';
import { expect, test } from 'vitest';

import { schemaText } from '../testing/schema';
import { listDocument, listedNames, listVariables } from './lists';

const schema = buildSchema(schemaText);

test.each(listedNames)('the query of %s holds for the schema', (name) => {
  expect(validate(schema, parse(print(listDocument(name) as never)))).toEqual([]);
});

test('only the query of agents is told of deleted ones', () => {
  const variables = { search: null, after: null, includeDeleted: true };
  expect(listVariables('agentIds', variables)).toEqual(variables);
  expect(listVariables('queueIds', variables)).toEqual({ search: null, after: null });
});
