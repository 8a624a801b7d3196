/** `/health/*` and `/metrics`, which load balancers and Prometheus ask for, on the endpoint's port or on one of their own. */
import type { FastifyInstance } from 'fastify';
import type { Sources } from '../../datasources/index.ts';
import { createTokenCheck, type MetricsToken } from '../auth/metrics-token.ts';
import type { MetricsText } from '../telemetry/index.ts';
import { ANY_HOST, checkHost, type HostRules } from './allowed-hosts.ts';
import { toHook, unauthenticated } from './header-checks.ts';
import { findRepeated, toSingleNames } from './headers.ts';
import type { HeaderCheck } from './rejection.ts';

export interface Health {
  /** Whether `/health/ready` answers 200. */
  isReady(): boolean;
  /** Whether the server is shutting down. */
  isDraining(): boolean;
  /** Adds fields to the body of `/health/ready`, without effect on its status. */
  describe(): object;
}

export function registerHealth(http: FastifyInstance, { isReady, isDraining, describe }: Health): void {
  http.get('/health/live', () => ({ status: 'live' }));
  http.get('/health/ready', (_, reply) => {
    const status = isDraining() ? 'draining' : isReady() ? 'ready' : 'starting';
    void reply.code(status === 'ready' ? 200 : 503);
    return { status, ...describe() };
  });
}

/** The fields that `/health/ready` adds to its body. */
export function describeStore({ store }: Sources): object {
  const { isReachable = null, cause } = store.health;
  return { idempotencyStore: { reachable: isReachable, cause } };
}

export interface MetricsAccess {
  /** `undefined` unless `/metrics` has a port of its own. */
  readonly port: number | undefined;
  /** Of that port. */
  readonly hostRules: HostRules;
  /** `undefined` if no token is needed. */
  readonly token: MetricsToken | undefined;
}

/** On the endpoint's port, without a token. */
export const OPEN_METRICS: MetricsAccess = { port: undefined, hostRules: ANY_HOST, token: undefined };

export interface MetricsRoute {
  /** `undefined` if no token is needed. */
  readonly token: MetricsToken | undefined;
  scrape(): Promise<MetricsText>;
}

export function registerMetrics(http: FastifyInstance, { token, scrape }: MetricsRoute): void {
  const onRequest = token ? [toHook(checkToken(token))] : [];
  http.get('/metrics', { onRequest }, async (_, reply) => {
    const { contentType, text } = await scrape();
    return reply.header('content-type', contentType).send(text);
  });
}

const REJECTED = unauthenticated('Metrics require a token. Send METRICS_TOKEN as a bearer token in Authorization.');

const AUTHORIZATION = toSingleNames(['authorization']);

function checkToken(token: MetricsToken): HeaderCheck {
  const hasToken = createTokenCheck(token);
  return ({ headers, rawHeaders }) =>
    hasToken(headers.authorization) && findRepeated(rawHeaders, AUTHORIZATION) === undefined ? undefined : REJECTED;
}

/** `/graphql` checks the host itself, so that rejections are logged. Health probes send any Host header, or none. */
const WITHOUT_HOST_CHECK: ReadonlySet<string | undefined> = new Set(['/graphql', '/health/live', '/health/ready']);

/** Rejects requests that are addressed to another host. */
export function addHostCheck(http: FastifyInstance, rules: HostRules): void {
  const rejectForeignHost = toHook(checkHost(rules));
  http.addHook('onRequest', (request, reply, done) => {
    if (WITHOUT_HOST_CHECK.has(request.routeOptions.url)) done();
    else rejectForeignHost(request, reply, done);
  });
}
