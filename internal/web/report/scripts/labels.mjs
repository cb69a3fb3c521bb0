// Writes src/locale/labels.generated.ts: the Polish labels of enum values, which stand in “…” in the descriptions of
// the schema, so that the words live in one place.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { buildSchema } from 'graphql';

const schemaFolder = '../../../graph/schema';
const labelled = ['ContactType', 'ExportKind'];

const sdl = readdirSync(schemaFolder)
  .filter((name) => name.endsWith('.graphqls'))
  .sort()
  .map((name) => readFileSync(join(schemaFolder, name), 'utf8'))
  .join('\n');
const schema = buildSchema(sdl);

const tables = labelled.map((name) => {
  const entries = schema
    .getType(name)
    .getValues()
    .map((value) => {
      const label = /“([^”]+)”/.exec(value.description ?? '')?.[1];
      if (!label) throw new Error(`graph/schema: ${name}.${value.name} has no label in “…” in its description.`);
      return `  ${value.name}: ${JSON.stringify(label.replace(/\s+/g, ' '))},`;
    });
  return `export const polish${name} = {\n${entries.join('\n')}\n} as const;\n`;
});
writeFileSync('src/locale/labels.generated.ts', `// Generated from graph/schema by scripts/labels.mjs.\n\n${tables.join('\n')}`);
