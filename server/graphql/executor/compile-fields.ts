/**
 * The fields of an object as code of their own: `{ id: source.id, title: source.title }`, with what has to be looked at.
 * In a loop over fields, reading and setting properties by names that change each time takes V8 ten times as long as where
 * the names stand in the code. It saves a thirtieth of a page of a hundred tickets, and with views, whose fields it takes
 * into the code as well (`datasources/vendor-kit/lazy.ts`), a twelfth.
 *
 * The code is made of names alone: those of the schema, and those that a document gives, which by GraphQL's grammar are
 * letters, digits and underscores. They are quoted all the same.
 */
import {
  executeField,
  failAfter,
  failField,
  isObject,
  isPromise,
  settle,
  type ExecuteFields,
  type FieldPlan,
} from './execute.ts';

/** What the code calls. */
const TOOLS = { executeField, failAfter, failField, isObject, isPromise, settle };

/** All fields side by side. */
export function compileFields(fields: readonly FieldPlan[]): ExecuteFields {
  // All of them may be skipped.
  if (fields.length === 0) return () => ({});
  const names = fields.map((_, index) => `value${index}`);
  const code = `
    const { ${Object.keys(TOOLS).join(', ')} } = tools;
    ${fields.map((_, index) => `const field${index} = fields[${index}], isRight${index} = field${index}.isIdentitySerialized;`).join('\n')}
    return (source, path, run) => {
      const properties = isObject(source) ? source : {};
      let ${names.join(', ')};
      try {
        ${fields.map(toStatements).join('\n')}
      } catch (error) {
        return failAfter([${names.join(', ')}], error);
      }
      const answered = { ${fields.map(({ key }, index) => `${JSON.stringify(key)}: value${index}`).join(', ')} };
      return ${names.map((name) => `isPromise(${name})`).join(' || ')} ? settle(answered) : answered;
    };`;
  // Not `compileFunction` of node:vm, of which Node 24 keeps 2 kB for ever.
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- of names alone, see above
  const create = new Function('fields', 'tools', code) as (
    of: readonly FieldPlan[],
    tools: typeof TOOLS,
  ) => ExecuteFields;
  return create(fields, TOOLS);
}

/** Sets the value of a field. Most are properties that go into the answer as they are, if they are right. */
function toStatements(
  { name, parentTypeName, isIdentitySerialized: isIdentitySerialized, isNullable }: FieldPlan,
  index: number,
): string {
  const value = `value${index}`;
  const execute = `${value} = executeField(field${index}, source, path, run);`;
  if (name === '__typename') return `${value} = ${JSON.stringify(parentTypeName)};`;
  if (!isIdentitySerialized) return execute;
  const isRight = `isRight${index}(${value})${isNullable ? ` || ${value} === null` : ''}`;
  const read = `${value} = properties[${JSON.stringify(name)}];`;
  // A getter that throws fails its own field alone.
  const fail = `${value} = failField(field${index}, error, path, run);`;
  return `try { ${read} } catch (error) { ${fail} }\nif (!(${isRight})) ${execute}`;
}
