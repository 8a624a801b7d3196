/** What the lean lane makes of variables is what graphql-js makes of them. */
import fc from 'fast-check';
import { buildSchema, getVariableValues, parse, type OperationDefinitionNode } from 'graphql';
import { expect, test } from 'vitest';
import { prepareVariables } from '../../../server/graphql/executor/coerce-variables.ts';

const schema = buildSchema(`
  enum Colour { RED GREEN }
  input Paint { colour: Colour!, layers: Int = 2 }
  type Query { paint(paint: Paint): Int }
`);

const TYPES = ['ID', 'String', 'Boolean', 'Int', 'Float', 'Colour', 'Paint', 'Unknown'];
const WRAPPINGS = ['$', '$!', '[$]', '[$!]', '[$!]!', '[[$]!]'];
const DEFAULTS: readonly string[] = ['', '', ' = null', ' = "x"', ' = 7', ' = [1]', ' = RED'];

const value = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom<unknown>('x', '', 7, 1.5, -0, 2 ** 31, NaN, true, null, undefined, 'RED', { colour: 'RED' }),
    fc.array(tie('value'), { maxLength: 3 }),
  ),
})).value;

test('for all types, wrappings, defaults and values', () => {
  const definition = fc.tuple(fc.constantFrom(...TYPES), fc.constantFrom(...WRAPPINGS), fc.constantFrom(...DEFAULTS));
  const variables = fc.array(fc.tuple(definition, value, fc.boolean()), { minLength: 1, maxLength: 3 });
  let taken = 0;
  fc.assert(
    fc.property(variables, (all) => {
      const written = all.map(([[type, wrapping, otherwise]], index) => {
        return `$v${index}: ${wrapping.replace('$', type)}${otherwise}`;
      });
      const document = parse(`query (${written.join(', ')}) { paint }`);
      const { variableDefinitions = [] } = document.definitions[0] as OperationDefinitionNode;
      const given = Object.fromEntries(
        all.flatMap(([, given_, isGiven], index) => (isGiven ? [[`v${index}`, given_]] : [])),
      );
      const { coerced } = getVariableValues(schema, variableDefinitions, given);
      expect(prepareVariables(schema, variableDefinitions)(given)).toEqual(coerced);
      if (coerced) taken += 1;
    }),
    { numRuns: 2_000 },
  );
  expect(taken).toBeGreaterThan(100);
});
