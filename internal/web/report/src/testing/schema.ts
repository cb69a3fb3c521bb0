const files = import.meta.glob<string>('../../../../../graph/schema/*.graphqls', {
  query: '?raw',
  import: 'default',
  eager: true,
});

/** The GraphQL schema of the server, for tests alone. */
export const schemaText = Object.values(files).join('\n');
