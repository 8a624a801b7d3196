/** Finds every regular expression of the server, and generates worst-case texts for each. */
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

// ---------------------------------------------------------------- search

/** Returns all patterns in these folders, except in generated code. */
export function patternsBelow(folders: readonly string[]): Pattern[] {
  const files = folders.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((file) => join(ROOT, folder, file)),
  );
  return files
    .filter((file) => file.endsWith('.ts') && !file.includes('__generated__'))
    .flatMap((file) => patternsIn(relative(ROOT, file), readFileSync(file, 'utf8')));
}

/** Finds literals and arguments of `new RegExp`. @throws TypeError if an argument cannot be evaluated from the file alone. */
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

/** Evaluates an expression that only uses constants of its file. */
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
    // Safe: evaluates only code of this repository.
    const value: unknown = (0, eval)(code);
    if (value instanceof RegExp) return value;
  } catch (error) {
    throw new TypeError(`${file.fileName}: ${expression.getText()} uses more than constants of its file.`, {
      cause: error,
    });
  }
  throw new TypeError(`${file.fileName}: ${expression.getText()} is not a pattern.`);
}

// ---------------------------------------------------------------- worst-case texts

/** A text of any length: `head`, repeated `unit`, `tail`. */
export interface Shape {
  readonly head: string;
  readonly unit: string;
  readonly tail: string;
}

/** One character of each class that patterns distinguish. */
const CHARACTERS = Array.from(' \n\t\raAz09-_./:<>"\'\\;=(){}[]&#!,+%@?*~|\u0000é\u2028\u200b…');

/** Limit of texts per part. */
const MAX_VARIANTS = 6;

/** A character that hardly any pattern matches. */
const TAILS = ['\u0001', '', '\n!'];

/** Maximum length of a text for one part. */
const MAX_SAMPLE_LENGTH = 400;

/**
 * Texts that make a slow pattern slow: each repeated part after its prefix, once and repeated with the prefix so that every
 * position starts a failing match; the pattern's characters; and near matches.
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

/** Joins one text of each part, in some of the possible combinations. */
function joined(parts: readonly (readonly string[])[]): string[] {
  return parts.reduce<string[]>(
    (texts, variants) => texts.flatMap((text) => variants.map((variant) => text + variant)).slice(0, MAX_VARIANTS),
    [''],
  );
}

/**
 * Returns a few short texts that a part of a pattern matches.
 *
 * @param own characters in the pattern. A wildcard that matches them may be slow if others are not.
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
