/** Limits of a request: `MAX_*`. */
import type { ValuesOf } from '../../datasources/contract.ts';
import { wholeNumber } from '../../datasources/vendor-kit/settings.ts';
import { DEFAULT_LIMITS, type Limits } from '../graphql/limits.ts';

export const LIMIT_SETTINGS = {
  MAX_BODY_BYTES: wholeNumber(1_000, 100_000_000, DEFAULT_LIMITS.bodyBytes),
  MAX_TOKENS: wholeNumber(1, 1_000_000, DEFAULT_LIMITS.tokens),
  MAX_DEPTH: wholeNumber(1, 100, DEFAULT_LIMITS.depth),
  MAX_ALIASES: wholeNumber(0, 100_000, DEFAULT_LIMITS.aliases),
  MAX_DIRECTIVES: wholeNumber(0, 100_000, DEFAULT_LIMITS.directives),
  MAX_FIELDS: wholeNumber(1, 100_000, DEFAULT_LIMITS.fields),
  MAX_ROOT_QUERIES: wholeNumber(1, 10_000, DEFAULT_LIMITS.rootQueries),
  MAX_ROOT_MUTATIONS: wholeNumber(1, 10_000, DEFAULT_LIMITS.rootMutations),
  MAX_UPSTREAM_CALLS: wholeNumber(1, 1_000_000, DEFAULT_LIMITS.upstreamCalls),
  MAX_ANSWER_FIELDS: wholeNumber(1, 100_000_000, DEFAULT_LIMITS.answerFields),
};

type LimitSettings = ValuesOf<typeof LIMIT_SETTINGS>;

export function toLimits(settings: LimitSettings): Limits {
  return {
    bodyBytes: settings.MAX_BODY_BYTES,
    tokens: settings.MAX_TOKENS,
    depth: settings.MAX_DEPTH,
    aliases: settings.MAX_ALIASES,
    directives: settings.MAX_DIRECTIVES,
    fields: settings.MAX_FIELDS,
    rootQueries: settings.MAX_ROOT_QUERIES,
    rootMutations: settings.MAX_ROOT_MUTATIONS,
    upstreamCalls: settings.MAX_UPSTREAM_CALLS,
    answerFields: settings.MAX_ANSWER_FIELDS,
  };
}
