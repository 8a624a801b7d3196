/** Starts bulk jobs over GraphQL and follows them to their end. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import type { ManyTickets } from './many-tickets.ts';
import type { Answer, PostOptions } from './post.ts';

export interface Asking {
  ask(query: string, variables?: Readonly<Record<string, unknown>>, init?: PostOptions): Promise<Answer>;
}

export const FIELDS = `id state total waiting inFlight applied notApplied unknown problem { code message }
  sources { source { id } waiting inFlight applied notApplied unknown pausedUntil problem { code } }`;

const START = `mutation($input: StartBulkInput!) { startBulk(input: $input) {
  job { ${FIELDS} } problems { code message field }
  plan { total rejected complete problems { code ticketId } sources { source { id } tickets } requests { method url } } } }`;

/** A payload or a job, as the response has it. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Json = any;

export const SOLVE = { setStatus: { status: 'SOLVED' } };

export async function startBulk(server: Asking, input: object, init?: PostOptions): Promise<Json> {
  const answer = await server.ask(START, { input: { idempotencyKey: crypto.randomUUID(), ...input } }, init);
  return (answer as Json).data?.startBulk ?? answer;
}

export async function findJob(server: Asking, id: string, init?: PostOptions): Promise<Json> {
  const answer = (await server.ask(`query($id: ID!) { bulkJob(id: $id) { ${FIELDS} } }`, { id }, init)) as Json;
  return answer.data ? answer.data.bulkJob : answer;
}

export function countsOf({ waiting, inFlight, applied, notApplied, unknown }: Record<string, number>): number {
  return waiting! + inFlight! + applied! + notApplied! + unknown!;
}

/** Polls until the condition holds. @param onPoll called with each state of the job */
export async function follow(
  server: Asking,
  id: string,
  isOver: (job: Json) => boolean = ({ state }) => ['DONE', 'CANCELLED', 'FAILED'].includes(state),
  onPoll: (job: Json) => void = () => undefined,
): Promise<Json> {
  for (;;) {
    const job = await findJob(server, id).catch(() => undefined);
    if (job?.state) {
      onPoll(job);
      if (isOver(job)) return job;
    }
    await sleep(30);
  }
}

const RESULTS = `query($id: ID!, $after: String, $outcomes: [Outcome!]) { bulkJob(id: $id) {
  results(first: 200, after: $after, outcomes: $outcomes) {
    nodes { ticketId outcome reconciled problem { code } } pageInfo { hasNextPage endCursor } } } }`;

export async function allResults(server: Asking, id: string, outcomes?: readonly string[]): Promise<Json[]> {
  const nodes: Json[] = [];
  for (let after: string | null = null; ;) {
    const answer = (await server.ask(RESULTS, { id, after, outcomes })) as Json;
    const page: Json = answer.data.bulkJob.results;
    nodes.push(...page.nodes);
    if (!page.pageInfo.hasNextPage) return nodes;
    after = page.pageInfo.endCursor;
  }
}

/** Expects that each ticket was sent at most once, and that all are APPLIED, or UNKNOWN. */
export async function expectSound(vendor: ManyTickets, server: Asking, done: Json): Promise<void> {
  expect(done).toMatchObject({ state: 'DONE', total: vendor.ids.length, waiting: 0, inFlight: 0 });
  expect(vendor.ids.filter((id) => vendor.sent(id) > 1)).toEqual([]);
  const results = await allResults(server, done.id);
  expect(results.map(({ ticketId }) => ticketId)).toEqual(vendor.ids);
  const count = (outcome: string): number => results.filter((result) => result.outcome === outcome).length;
  expect([count('APPLIED'), count('NOT_APPLIED'), count('UNKNOWN')]).toEqual([done.applied, 0, done.unknown]);
  expect(results.filter(({ outcome, ticketId }) => outcome === 'APPLIED' && !vendor.isSolved(ticketId))).toEqual([]);
  expect(results.filter(({ outcome, ticketId }) => outcome !== 'UNKNOWN' && vendor.sent(ticketId) !== 1)).toEqual([]);
}
