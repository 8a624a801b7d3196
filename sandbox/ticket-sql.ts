/** Parses TicketSQL, the search language of a ticket system: conditions combined by AND, OR and parentheses. */

/** Whether a row meets a condition. */
export type Condition<Row> = (row: Row) => boolean;

/** Returns the condition `field operator value`, or why there is none. The operator is in capitals, the value unquoted. */
export type ToCondition<Row> = (field: string, operator: string, value: string) => Condition<Row> | string;

/** Returns the condition of a search, or the error. */
export function parseTicketSql<Row>(sql: string, toCondition: ToCondition<Row>): Condition<Row> | string {
  const parser: Parser<Row> = { tokens: sql.match(TOKEN) ?? [], at: 0, toCondition };
  const condition = parseAny(parser);
  if (typeof condition === 'string' || parser.at === parser.tokens.length) return condition;
  return expecting(parser, 'an AGGREGATOR');
}

/** A pattern of LIKE: `%` stands for any text, `_` for one character. Letter case does not matter. */
export function toLikePattern(words: string): RegExp {
  const escaped = words.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(escaped.replaceAll('%', '.*').replaceAll('_', '.'), 'isu');
}

/** A quoted text, in which a backslash escapes; a parenthesis; a word; or a quote that is not closed. */
const TOKEN = /'(?:\\.|[^'\\])*'|[()]|[^\s()']+|'/g;

const OPERATOR = /^(?:=|!=|<|>|LIKE)$/i;

interface Parser<Row> {
  readonly tokens: readonly string[];
  /** Index of the next token. */
  at: number;
  readonly toCondition: ToCondition<Row>;
}

type Parsed<Row> = Condition<Row> | string;

function parseAny<Row>(parser: Parser<Row>): Parsed<Row> {
  return parseChain(parser, 'OR', parseAll, (all) => (row) => all.some((one) => one(row)));
}

function parseAll<Row>(parser: Parser<Row>): Parsed<Row> {
  return parseChain(parser, 'AND', parseOne, (all) => (row) => all.every((one) => one(row)));
}

function parseChain<Row>(
  parser: Parser<Row>,
  word: string,
  parse: (parser: Parser<Row>) => Parsed<Row>,
  combine: (conditions: readonly Condition<Row>[]) => Condition<Row>,
): Parsed<Row> {
  const conditions: Condition<Row>[] = [];
  do {
    if (conditions.length > 0) parser.at += 1;
    const condition = parse(parser);
    if (typeof condition === 'string') return condition;
    conditions.push(condition);
  } while (parser.tokens[parser.at]?.toUpperCase() === word);
  return combine(conditions);
}

function parseOne<Row>(parser: Parser<Row>): Parsed<Row> {
  if (parser.tokens[parser.at] !== '(') return parseCondition(parser);
  parser.at += 1;
  const inner = parseAny(parser);
  if (typeof inner !== 'string' && parser.tokens[parser.at] !== ')') return expecting(parser, 'a CLOSE_PAREN');
  parser.at += 1;
  return inner;
}

function parseCondition<Row>(parser: Parser<Row>): Parsed<Row> {
  const [field = '', operator = '', value] = parser.tokens.slice(parser.at, parser.at + 3);
  parser.at += 1;
  if (!OPERATOR.test(operator)) return expecting(parser, 'an OPERATOR');
  parser.at += 1;
  if (value === undefined) return expecting(parser, 'a VALUE');
  parser.at += 1;
  return parser.toCondition(field, operator.toUpperCase(), unquote(value));
}

function unquote(value: string): string {
  return /^'.*'$/s.test(value) ? value.slice(1, -1).replace(/\\(.)/gs, '$1') : value;
}

function expecting<Row>({ tokens, at }: Parser<Row>, what: string): string {
  return `Wrong query, expecting ${what} in '${tokens.slice(0, at).join(' ')} >${tokens[at] ?? ''}<--here'`;
}
