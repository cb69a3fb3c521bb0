import type { CodegenConfig } from '@graphql-codegen/cli';

const config: CodegenConfig = {
  schema: '../../../graph/schema/*.graphqls',
  documents: ['src/**/*.{ts,tsx}', '!src/api/generated/**'],
  generates: {
    'src/api/generated/': {
      preset: 'client',
      presetConfig: { fragmentMasking: false },
      config: {
        useTypeImports: true,
        enumsAsTypes: true,
        scalars: { ID: 'string', DateTime: 'string', Date: 'string', LocalTime: 'string', Long: 'number' },
        strictScalars: true,
      },
    },
  },
};

export default config;
