/** Every regular expression of the server's code, and the texts that are worst for each. */
import { readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { RegExpParser, visitRegExpAST, type AST } from '@eslint-community/regexpp';
import ts from 'typescript';

const ROOT = join(import.meta.dirname, '../..');

export interface Pattern {
  /** `folder/file.ts:12` */
  readonly place: string;
  readonly source: string;
  readonly flags: string;
}

// ---------------------------------------------------------------- finding them

/** All patterns below these folders of the repository, but for generated code. */
export function patternsBelow(folders: readonly string[]): Pattern[] {
  const files = folders.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((file) => join(ROOT, folder, file)),
  );
  return files
    .filter((file) => file.endsWith('.ts') && !file.includes('__generated__'))
    .flatMap((file) => patternsIn(relative(ROOT, file), readFileSync(file, 'utf8')));
}

/** Literals, and what `new RegExp` is called with. @throws TypeError if that cannot be worked out from the file alone */
export function patternsIn(file: string, text: string): Pattern[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: Pattern[] = [];
  const add = (node: ts.Node, { source: pattern, flags }: RegExp): void => {
    const line = source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
    found.push({ place: `${file}:${line}`, source: pattern, flags });
  };
  const look = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) add(node, evaluate(node, source));
    const isMade = ts.isNewExpression(node) || ts.isCallExpression(node);
    if (isMade && node.expression.getText() === 'RegExp') add(node, evaluate(node, source));
    ts.forEachChild(node, look);
  };
  look(source);
  return found;
}

/** The value of an expression that needs nothing but constants of its file. */
function evaluate(expression: ts.Node, file: ts.SourceFile): RegExp {
  const constants = new Map<string, ts.VariableDeclaration>();
  for (const statement of file.statements.filter(ts.isVariableStatement)) {
    for (const declaration of statement.declarationList.declarations) {
      if (ts.isIdentifier(declaration.name)) constants.set(declaration.name.text, declaration);
    }
  }
  const needed = new Map<string, string>();
  const need = (node: ts.Node): void => {
    const declaration = ts.isIdentifier(node) ? constants.get(node.text) : undefined;
    if (declaration?.initializer && !needed.has(declaration.name.getText())) {
      needed.set(declaration.name.getText(), '');
      need(declaration.initializer);
      needed.delete(declaration.name.getText());
      needed.set(
        declaration.name.getText(),
        `const ${declaration.name.getText()} = ${declaration.initializer.getText()};`,
      );
    }
    ts.forEachChild(node, need);
  };
  need(expression);
  const code = ts.transpile([...needed.values(), `(${expression.getText()})`].join('\n'));
  try {
    // Code of this repository, which the tests execute anyway.
    const value: unknown = (0, eval)(code);
    if (value instanceof RegExp) return value;
  } catch (error) {
    throw new TypeError(`${file.fileName}: ${expression.getText()} takes more than constants of its file.`, {
      cause: error,
    });
  }
  throw new TypeError(`${file.fileName}: ${expression.getText()} is not a pattern.`);
}

// ---------------------------------------------------------------- their worst texts

/** A text of any length: `head`, then `unit` as often as it fits, then `tail`. */
export interface Shape {
  readonly head: string;
  readonly unit: string;
  readonly tail: string;
}

/** One of each kind that patterns tell apart. */
const CHARACTERS = Array.from(' \n\t\raAz09-_./:<>"\'\\;=(){}[]&#!,+%@?*~|\u0000é\u2028\u200b…');

/** Of each part at most so many texts. */
const MAX_VARIANTS = 6;

/** What hardly any pattern goes on with. */
const TAILS = ['\u0001', '', '\n!'];

/** Longest text that stands for one part of a pattern. */
const MAX_SAMPLE_LENGTH = 400;

/**
 * Texts on which a pattern that can be slow is slow: each thing that it repeats, after what leads there, also with that
 * lead each time, so that every place begins a match that fails; its characters; and texts that nearly match.
 */
export function worstShapes({ source, flags }: Pick<Pattern, 'source' | 'flags'>): Shape[] {
  const pattern = new RegExpParser().parsePattern(source, 0, source.length, {
    unicode: flags.includes('u'),
    unicodeSets: flags.includes('v'),
  });
  const own = new Set<string>();
  visitRegExpAST(pattern, { onCharacterEnter: ({ value }) => own.add(String.fromCodePoint(value)) });
  const toVariants = (node: AST.Element): string[] => variantsOf(node, flags, [...own].slice(0, MAX_VARIANTS));
  const units = new Set<string>(['\n', ' ', '\r\n', ' \n']);
  const shapes: Shape[] = [];
  const repeated = (node: AST.Quantifier): void => {
    if (node.max < 20) return;
    const lead = leadOf(node);
    for (const unit of toVariants(node.element)) {
      for (const tail of TAILS) shapes.push({ head: lead, unit, tail });
      units
        .add(unit)
        .add(lead + unit)
        .add(lead + unit.repeat(50));
    }
  };
  const leadOf = (node: AST.Node): string => {
    const { parent } = node;
    if (!parent || parent.type === 'Pattern') return '';
    const before =
      parent.type === 'Alternative' ? parent.elements.slice(0, parent.elements.indexOf(node as AST.Element)) : [];
    return leadOf(parent) + before.map((one) => toVariants(one)[0] ?? '').join('');
  };
  const single = (node: AST.Element): void => {
    for (const unit of toVariants(node).slice(0, 3)) units.add(unit);
  };
  visitRegExpAST(pattern, {
    onQuantifierEnter: repeated,
    onCharacterEnter: single,
    onCharacterSetEnter: (node) => node.parent.type !== 'CharacterClass' && single(node),
    onCharacterClassEnter: single,
    onAlternativeEnter(node) {
      const whole = node.elements.map((one) => toVariants(one)[0] ?? '').join('');
      for (const unit of [whole, whole.slice(0, -1), `${whole}\n`, `${whole} `])
        units.add(unit.slice(0, MAX_SAMPLE_LENGTH));
    },
  });
  for (const unit of units) {
    if (unit !== '') for (const tail of TAILS.slice(0, 2)) shapes.push({ head: '', unit, tail });
  }
  return [...new Map(shapes.map((shape) => [JSON.stringify(shape), shape])).values()];
}

/** One text of each part, joined, in a few of the possible ways. */
function joined(parts: readonly (readonly string[])[]): string[] {
  return parts.reduce<string[]>(
    (texts, variants) => texts.flatMap((text) => variants.map((variant) => text + variant)).slice(0, MAX_VARIANTS),
    [''],
  );
}

/**
 * A few short texts that a part of a pattern matches.
 *
 * @param own characters that the pattern names; a wildcard that stands for them is slow where another is not
 */
function variantsOf(node: AST.Element, flags: string, own: readonly string[]): string[] {
  switch (node.type) {
    case 'Character':
      return [String.fromCodePoint(node.value)];
    case 'CharacterSet':
    case 'CharacterClass':
    case 'ExpressionCharacterClass': {
      const one = new RegExp(`^(?:${node.raw})$`, flags.replace(/[gym]/g, ''));
      return [...own, ...CHARACTERS].filter((character) => one.test(character)).slice(0, MAX_VARIANTS);
    }
    case 'Group':
    case 'CapturingGroup':
      return node.alternatives
        .slice(0, 6)
        .flatMap(({ elements }) => joined(elements.map((one) => variantsOf(one, flags, own))));
    case 'Quantifier': {
      const times = Math.max(1, node.min);
      return variantsOf(node.element, flags, own).map((text) => text.repeat(times).slice(0, MAX_SAMPLE_LENGTH));
    }
    default:
      return [''];
  }
}
