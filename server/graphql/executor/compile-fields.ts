/**
 * Compiles the fields of an object type to code of their own: `{ id: source.id, title: source.title }`, with checks. In a
 * loop, V8 looks up properties whose names change at every step ten times slower than properties that are named in the
 * code (docs/performance.md#compiled-fields).
 *
 * The code contains nothing of a document but names, which GraphQL's grammar limits to letters, digits and underscores.
 * They are quoted all the same.
 */
import {
  awaitFields,
  executeField,
  executeProperty,
  handleFieldError,
  isObject,
  isPromise,
  rejectAfter,
  toPath,
  type ExecuteFields,
  type Execution,
  type FieldPlan,
} from './execute-fields.ts';
import type { Path } from './errors.ts';
import { isString } from '../identity.ts';

export function compileFields(fields: readonly FieldPlan[]): ExecuteFields {
  // All of them may be skipped.
  if (fields.length === 0) return () => ({});
  const values = fields.map((_, index) => `value${index}`);
  const code = `
    const { ${Object.keys(TOOLS).join(', ')} } = tools;
    ${fields.map((_, index) => `const field${index} = fields[${index}];`).join('\n')}
    ${fields.map((_, index) => `const isIdentity${index} = field${index}.leaf?.isIdentitySerialized;`).join('\n')}
    return (source, path, execution) => {
      const properties = isObject(source) ? source : {};
      let ${values.join(', ')};
      try {
        ${fields.map(toStatements).join('\n')}
      } catch (error) {
        return rejectAfter([${values.join(', ')}], error);
      }
      const response = { ${fields.map(({ responseName }, index) => `${JSON.stringify(responseName)}: value${index}`).join(', ')} };
      return ${values.map((value) => `isPromise(${value})`).join(' || ')} ? awaitFields(response) : response;
    };`;
  // Not `compileFunction` of node:vm, of which Node.js 24 keeps 2 kB forever.
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the code contains only names, see above
  const create = new Function('fields', 'tools', code) as (
    plans: readonly FieldPlan[],
    tools: typeof TOOLS,
  ) => ExecuteFields;
  return create(fields, TOOLS);
}

/** A getter that throws fails its own field only. */
const failToRead = (field: FieldPlan, error: unknown, path: Path | undefined, execution: Execution): null =>
  handleFieldError(error, field.fieldNodes, toPath(field, path), field.isNullable, execution);

/** What the code calls. */
const TOOLS = { awaitFields, executeField, executeProperty, failToRead, isObject, isPromise, rejectAfter };

/** Sets the value of a field. Most are properties that go into the response as they are, if they have the right type. */
function toStatements(field: FieldPlan, index: number): string {
  const { fieldName, parentTypeName, leaf, resolve, isNullable } = field;
  const value = `value${index}`;
  const execute = `${value} = executeField(field${index}, source, path, execution);`;
  if (fieldName === '__typename') return `${value} = ${JSON.stringify(parentTypeName)};`;
  if (!leaf || resolve) return execute;
  const isText = `typeof ${value} === 'string'`;
  const isIdentity = leaf.isIdentitySerialized === isString ? isText : `isIdentity${index}(${value})`;
  const read = `${value} = properties[${JSON.stringify(fieldName)}];`;
  // Null if the field is nullable, else it throws.
  const fail = `${value} = failToRead(field${index}, error, path, execution);`;
  const accept = isNullable ? `${isIdentity} || ${value} === null` : isIdentity;
  return `try { ${read} } catch (error) { ${fail} }
    if (!(${accept})) ${value} = executeProperty(field${index}, source, ${value}, path, execution);`;
}
