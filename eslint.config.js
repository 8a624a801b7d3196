// Two worlds: TypeScript with types, and the SDL, which is the product's manual and is linted as such.
import graphql from '@graphql-eslint/eslint-plugin';
import tseslint from 'typescript-eslint';
import BANNED_PHRASES from './scripts/banned-phrases.json' with { type: 'json' };

const SDL = ['schema/!(federation).graphql', 'schema/vendors/*.graphql', 'test/support/federation-stub.graphql'];

export default tseslint.config(
  { ignores: ['node_modules', '**/__generated__', 'test/sixth-vendor', 'coverage', 'client/dist', 'console/dist'] },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      // Index access is checked by the compiler; where a test before it proves the value, `!` says so.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      // An async function is how a promise is made of what may also be at hand.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/consistent-type-imports': 'error',
      // Methods of object literals use no `this` here.
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/dot-notation': ['error', { allowIndexSignaturePropertyAccess: true }],
      '@typescript-eslint/no-dynamic-delete': 'off',
      eqeqeq: 'error',
      'no-console': 'error',
      // The words of docs/glossary.md, in comments as well.
      'no-warning-comments': ['error', { terms: BANNED_PHRASES, location: 'anywhere' }],
    },
  },
  {
    // An answer's shape is its query's: tests compare it whole.
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-invalid-void-type': 'off',
      // It gives up after a second: too early on a busy machine.
      'no-restricted-properties': [
        'error',
        { object: 'vi', property: 'waitFor', message: 'Use test/support/until.ts.' },
      ],
    },
  },
  { files: ['test/support/until.ts'], rules: { 'no-restricted-properties': 'off' } },
  {
    files: ['server/start.ts', 'bench/**/*.ts', 'examples/**/*.ts', 'scripts/**/*.ts'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['schema/**/*.graphql'],
    // The link to the federation specification extends a schema that these tools do not build.
    ignores: ['schema/federation.graphql'],
    plugins: { '@graphql-eslint': graphql },
    languageOptions: {
      parser: graphql.parser,
      parserOptions: { graphQLConfig: { schema: SDL } },
    },
    rules: {
      '@graphql-eslint/require-description': [
        'error',
        { types: true, FieldDefinition: true, InputValueDefinition: true, EnumValueDefinition: true, rootField: true },
      ],
      '@graphql-eslint/description-style': 'off',
      '@graphql-eslint/naming-convention': [
        'error',
        { types: 'PascalCase', FieldDefinition: 'camelCase', InputValueDefinition: 'camelCase', Argument: 'camelCase' },
      ],
      '@graphql-eslint/no-typename-prefix': 'off',
      '@graphql-eslint/no-duplicate-fields': 'error',
      '@graphql-eslint/unique-enum-value-names': 'error',
      '@graphql-eslint/no-unreachable-types': 'error',
      '@graphql-eslint/no-hashtag-description': 'error',
      '@graphql-eslint/input-name': ['error', { checkInputType: true, caseSensitiveInputType: false }],
    },
  },
);
