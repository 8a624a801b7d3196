/** Huawei Cloud's endpoints, one function each. Documentation: https://support.huaweicloud.com/eu/api-ticket/ */
import type { RequestScope, Upstream, UpstreamAnswer, UpstreamRequest } from '../contract.ts';
import { Failure, describeRejection, undefinedIfNotFound } from '../vendor-kit/failure.ts';
import { parseBody } from '../vendor-kit/json.ts';
import { path } from '../vendor-kit/path.ts';
import { toFailure } from './failure.ts';
import type { WireFilter } from './mapping.ts';
import {
  isRejection,
  parseCase,
  parseCaseList,
  parseStatus,
  parseToken,
  type WireCase,
  type WireCaseList,
  type WireToken,
} from './wire.ts';

/** Headers and parameters of every request. */
export interface RequestDefaults {
  /** `X-Language` of a call. Huawei Cloud's own default is Chinese. */
  readonly languageOf: (call: RequestScope) => string;
  /** `X-Time-Zone`, the zone of times. */
  readonly timeZone: string;
  /** `X-Site`: 0 China, 1 International. No longer in the newer documentation, so it is sent only if configured. */
  readonly site: string | undefined;
  /** The IAM group whose other cases are visible as well. */
  readonly groupId: string | undefined;
}

/** Maximum offset of the list. */
const MAX_OFFSET = 65_535;

const CASES = '/v2/servicerequest/cases';

export type Client = ReturnType<typeof createClient>;

export function createClient(upstream: Upstream, { languageOf, timeZone, site, groupId }: RequestDefaults) {
  /** One object per language, so that values derived from the headers are computed once and reads can be coalesced. */
  const headersBy = new Map<string, Headers>();
  const headersIn = (language: string): Headers => {
    let headers = headersBy.get(language);
    if (!headers) headersBy.set(language, (headers = toHeaders(language, timeZone, site)));
    return headers;
  };

  const read = (where: string, query: UpstreamRequest['query'], call: RequestScope): Promise<UpstreamAnswer> => {
    const { reading } = headersIn(languageOf(call));
    return upstream.read({ method: 'GET', path: where, query: query ?? [], headers: reading }, call);
  };

  /**
   * Parses the body.
   * @throws Failure if it is an error sent with a 2xx status.
   */
  const toBody = (answer: UpstreamAnswer): unknown => {
    const body = parseBody(answer);
    if (isRejection(body)) throw new Failure(describeRejection(answer, toFailure));
    return body;
  };

  /** GET /v2/servicerequest/cases/{case_id}: https://support.huaweicloud.com/eu/api-ticket/ShowCaseDetail.html */
  const findCase = (caseId: string, call: RequestScope, group = groupId): Promise<WireCase | undefined> =>
    undefinedIfNotFound(
      read(path`/v2/servicerequest/cases/${caseId}`, group ? [['group_id', group]] : [], call),
      (answer) => parseCase(toBody(answer), caseId),
    );

  return {
    findCase,

    /** GET /v2/servicerequest/cases: https://support.huaweicloud.com/eu/api-ticket/ListCases.html */
    async listCases(
      offset: number,
      limit: number,
      filter: WireFilter,
      call: RequestScope,
      group = groupId,
    ): Promise<WireCaseList> {
      if (offset > MAX_OFFSET) {
        const message = `Huawei Cloud lists only the first ${MAX_OFFSET} cases. Narrow the filter.`;
        throw new Failure({ kind: 'unsupported', message });
      }
      const { search_key, status } = filter;
      const paging = { offset: String(offset), limit: String(limit) };
      const query = nonEmpty({ search_key, status, group_id: group, ...paging });
      return parseCaseList(toBody(await read(CASES, query, call)));
    },

    /**
     * Returns only the status, or `undefined` if there is no such case.
     *
     * GET /v2/servicerequest/cases/{case_id}/status has no group parameter, so it does not find another member's case.
     * With a group, the whole case is read. https://support.huaweicloud.com/en-us/api-ticket/ShowCaseStatus.html
     */
    async findStatus(caseId: string, group: string | undefined, call: RequestScope): Promise<string | undefined> {
      if (group) return (await findCase(caseId, call, group))?.status;
      return undefinedIfNotFound(read(path`/v2/servicerequest/cases/${caseId}/status`, [], call), (answer) =>
        parseStatus(toBody(answer)),
      );
    },

    /**
     * Builds POST /v2/servicerequest/cases/{case_id}/action?action_id={action}:
     * https://support.huaweicloud.com/en-us/api-ticket/UpdateCases.html
     */
    actionRequest(caseId: string, action: string, body: string, call: RequestScope): UpstreamRequest {
      return {
        method: 'POST',
        path: path`/v2/servicerequest/cases/${caseId}/action`,
        query: [['action_id', action]],
        headers: headersIn(languageOf(call)).sendingJson,
        body,
      };
    },
  };
}

interface Headers {
  readonly reading: UpstreamRequest['headers'];
  readonly sendingJson: UpstreamRequest['headers'];
}

function toHeaders(language: string, timeZone: string, site: string | undefined): Headers {
  const reading = {
    Accept: 'application/json',
    'X-Language': language,
    'X-Time-Zone': timeZone,
    ...(site !== undefined && { 'X-Site': site }),
  };
  return { reading, sendingJson: { ...reading, 'Content-Type': 'application/json' } };
}

export interface Account {
  readonly domain: string;
  readonly username: string;
  readonly password: string;
}

export type TokenClient = ReturnType<typeof createTokenClient>;

/** @param iam sends requests to IAM, without credentials: the call is the sign-in. */
export function createTokenClient(iam: Upstream) {
  return {
    /** POST /v3/auth/tokens: https://support.huaweicloud.com/intl/en-us/api-iam/iam_30_0001.html */
    async requestToken({ domain, username, password }: Account, call: RequestScope): Promise<WireToken> {
      const user = { domain: { name: domain }, name: username, password };
      const identity = { methods: ['password'], password: { user } };
      const request = {
        method: 'POST',
        path: '/v3/auth/tokens',
        headers: { Accept: 'application/json', 'Content-Type': 'application/json;charset=utf8' },
        body: JSON.stringify({ auth: { identity, scope: { domain: { name: domain } } } }),
      } as const;
      return parseToken(await iam.read(request, call));
    },
  };
}

/** Returns the parameters that have a non-empty value. */
function nonEmpty(parameters: Readonly<Record<string, string | undefined>>): readonly (readonly [string, string])[] {
  return Object.entries(parameters).flatMap(([name, value]) => (value ? [[name, value] as const] : []));
}
