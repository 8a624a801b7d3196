/** Secrets that change while the server runs. Checked by the ledgers of vendors that accept the new secrets alone. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { startSandbox } from '../../sandbox/index.ts';
import type { LedgerEntry } from '../../sandbox/server.ts';
import { inputTypeOf, isSignIn, isWrite, samplesOf, SAMPLED } from '../support/samples.ts';
import { startTestServer, type TestServer, type TestServerOptions } from '../support/sandbox.ts';
import { carries, makeFolder, moveToFiles, renewed, rotateAt, type SecretFile } from '../support/secrets.ts';

const READ = 'query ($id: ID!) { ticket(id: $id) { __typename } }';
const ACT = `mutation ($input: ${inputTypeOf('executeAction')}) { executeAction(input: $input) {
  outcome problems { code message upstreamMessage } } }`;

interface Rotating {
  readonly server: TestServer;
  readonly files: readonly SecretFile[];
  readonly log: string[];
  /** Makes the vendor accept new secrets alone. */
  rotate(name?: string): void;
  /** Writes them to the files. */
  publish(name?: string): void;
}

/** A server whose secrets of one source are in files, and which has signed in. */
async function start(
  sourceKey: string,
  { keys = [sourceKey], environment, ...options }: TestServerOptions = {},
): Promise<Rotating> {
  const log: string[] = [];
  // The secrets of a simulation are known before it listens.
  const { settings, close } = await startSandbox([sourceKey]);
  await close();
  const inFiles = moveToFiles(sourceKey, settings, makeFolder());
  const server = await startTestServer({
    keys,
    environment: { ...environment, ...inFiles.environment },
    logStream: { write: (line) => void log.push(line) },
    ...options,
  });
  const { files } = inFiles;
  const firsts = files.map(({ first }) => first);
  return {
    server,
    files,
    log,
    rotate: (name) => rotateAt(server.vendor(sourceKey), firsts, (secret) => renewed(secret, name)),
    publish(name) {
      for (const { first, write } of files) write(renewed(first, name));
    },
  };
}

/** Holds the answers to the next `count` calls until all of them have arrived. */
function holdUntil(server: TestServer, key: string, count: number): void {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  let arrived = 0;
  server.vendor(key).faults = (arrival) => {
    if (isSignIn(arrival) || arrived >= count) return undefined;
    arrived += 1;
    if (arrived === count) resolve(undefined);
    return { kind: 'hold', until: promise };
  };
}

/** Requests with an old secret or an old session, sign-ins included. */
function isOld(entry: LedgerEntry, files: readonly SecretFile[]): boolean {
  if (entry.status === 401) return true;
  return files.some(({ first }) => carries(entry.arrival, first) && !carries(entry.arrival, renewed(first)));
}

function sameTicket(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

const read = (server: TestServer, id: string) => server.ask(READ, { id });

describe.each(SAMPLED)('a secret of $key changes', ({ key, id, samples }) => {
  const act = (server: TestServer) => server.ask(ACT, { input: { ticketId: id, action: samples.action } });
  const hasSignIn = samples.signIn !== undefined;

  test('every secret of the simulation is in a file', async () => {
    const { files } = await start(key);
    expect(files.length).toBeGreaterThan(0);
  });

  test('a read and a write in flight succeed, and no later call has the old secret', async () => {
    const { server, files, log, rotate, publish } = await start(key);
    expect((await read(server, id)).errors).toBeUndefined();
    server.forget();
    rotate();
    publish();
    holdUntil(server, key, 2);
    // Another ticket: a write may read its own first, and would share that read.
    const other = server
      .vendor(key)
      .vendor.ticketIds()
      .find((one) => !sameTicket(one, samples.ticketId));
    const [found, written] = await Promise.all([read(server, `${key}:${other}`), act(server)]);
    expect(found.errors).toBeUndefined();
    expect(written.data.executeAction).toMatchObject({ outcome: 'APPLIED', problems: [] });
    expect(server.vendor(key).effects).toHaveLength(1);
    const { ledger } = server.vendor(key);
    expect(ledger.slice(0, 2).map(({ status }) => status)).toEqual([401, 401]);
    expect(ledger.slice(2).filter((entry) => isOld(entry, files))).toEqual([]);
    expect(server.defects).toEqual([]);
    await expect.poll(() => log.filter((line) => line.includes('New secrets are in use'))).toHaveLength(1);
    for (const { first, variable } of files) {
      expect(log.join('')).toContain(variable);
      expect(log.join('')).not.toContain(first);
    }
  });

  test('a write alone is replayed once, and is carried out once', async () => {
    const { server, rotate, publish } = await start(key);
    await read(server, id);
    server.forget();
    // At the moment in which the write arrives: after what it reads first.
    const running = server.vendor(key);
    const { handle } = running.vendor;
    running.vendor.handle = (arrival) => {
      if (!isWrite(arrival)) return handle(arrival);
      running.vendor.handle = handle;
      rotate();
      publish();
      return running.vendor.handle(arrival);
    };
    const input = { ticketId: id, action: samples.action, idempotencyKey: 'one' };
    expect((await server.ask(ACT, { input })).data.executeAction).toMatchObject({ outcome: 'APPLIED' });
    const writes = server.calls(key).filter(({ arrival }) => isWrite(arrival));
    expect(writes.map(({ status }) => status)).toEqual([401, samples.acceptedStatus]);
    expect(running.effects).toHaveLength(1);
  });

  test('reads that share a call share the replay', async () => {
    const all = Promise.withResolvers<undefined>();
    let shared = 0;
    const onReadShared = (): void => {
      shared += 1;
      if (shared === 4) all.resolve(undefined);
    };
    const { server, rotate, publish } = await start(key, { observe: [{ onReadShared }] });
    await read(server, id);
    const callsOfOne = server.calls(key).length;
    server.forget();
    rotate();
    publish();
    server.vendor(key).faults = (arrival) => (isSignIn(arrival) ? undefined : { kind: 'hold', until: all.promise });
    const reads = await Promise.all(Array.from({ length: 5 }, () => read(server, id)));
    for (const { errors } of reads) expect(errors).toBeUndefined();
    expect(server.calls(key).map(({ status }) => status === 401)[0]).toBe(true);
    expect(server.calls(key).filter(({ status }) => status !== 401)).toHaveLength(callsOfOne);
    expect(server.calls(key)).toHaveLength(callsOfOne + 1);
  });

  test('calls that were signed and queued before are signed again before they are sent', async () => {
    const { server, files, rotate, publish } = await start(key, {
      environment: { [`${key.toUpperCase()}_CONCURRENCY`]: '1' },
    });
    await read(server, id);
    server.forget();
    rotate();
    publish();
    const queued = Promise.withResolvers<undefined>();
    server.vendor(key).faults = (arrival) => {
      return isSignIn(arrival) ? undefined : { kind: 'hold', until: queued.promise };
    };
    const ids = server.vendor(key).vendor.ticketIds().slice(0, 5);
    const reads = ids.map((one) => read(server, `${key}:${one}`));
    const state = () => server.sources.connected.get(key)!.upstream.health.queued;
    await expect.poll(state, { interval: 10 }).toBe(ids.length - 1);
    queued.resolve(undefined);
    for (const { errors } of await Promise.all(reads)) expect(errors).toBeUndefined();
    const [first, ...later] = server.vendor(key).ledger;
    expect(first?.status).toBe(401);
    expect(later.filter((entry) => isOld(entry, files))).toEqual([]);
  });

  test('a wrong secret costs one more call, and no storm', async () => {
    const { server, files, rotate, publish } = await start(key);
    await read(server, id);
    server.forget();
    rotate('right');
    publish('wrong');
    expect((await read(server, id)).errors?.[0]?.extensions).toMatchObject({ code: 'VENDOR_UNAUTHENTICATED' });
    const signIns = (): number => server.vendor(key).ledger.length - server.calls(key).length;
    expect([server.calls(key).length, signIns()]).toEqual(hasSignIn ? [1, 1] : [2, 0]);

    server.forget();
    await Promise.all(Array.from({ length: 10 }, () => act(server)));
    // One each: without a change there is nothing to try again. A rejected sign-in is not even repeated.
    expect(server.vendor(key).effects).toEqual([]);
    expect(signIns()).toBeLessThanOrEqual(1);
    expect(server.calls(key).length).toBeLessThanOrEqual(hasSignIn ? 0 : 10);
    expect(
      server
        .calls(key)
        .every(
          ({ arrival }) =>
            !files.some(({ first }) => carries(arrival, first) && !carries(arrival, renewed(first, 'wrong'))),
        ),
    ).toBe(true);

    publish('right');
    await expect.poll(async () => (await read(server, id)).errors, { interval: 50 }).toBeUndefined();
    expect((await act(server)).data.executeAction.outcome).toBe('APPLIED');
  });

  test('an invalid file changes nothing, and the log names it without its content', async () => {
    const { server, files, log } = await start(key);
    await read(server, id);
    const { variable, write } = files[0]!;
    write('not\u0007valid');
    let rejected = 0;
    server.vendor(key).faults = (arrival) => {
      if (isSignIn(arrival) || rejected > 0) return undefined;
      rejected += 1;
      return { kind: 'answer', reply: { status: 401 }, applied: false };
    };
    // A vendor without a sign-in has nothing to try again with.
    expect((await read(server, id)).errors === undefined).toBe(hasSignIn);
    expect((await read(server, id)).errors).toBeUndefined();
    const warning = () => log.filter((line) => line.includes(`${variable}_FILE is missing or invalid`));
    await expect.poll(warning).toHaveLength(1);
    expect(warning()[0]).toContain('The previous secrets stay in use.');
    expect(log.join('')).not.toMatch(/not.{0,6}valid"/);
  });

  test('rotating one of two sources leaves the other alone', async () => {
    const second = `${key}@emea`;
    const { server, files, rotate, publish } = await start(second, { keys: [key, second] });
    const both = [id, `${second}:${samples.ticketId}`];
    for (const one of both) expect((await read(server, one)).errors).toBeUndefined();
    server.forget();
    rotate();
    publish();
    for (const one of both) expect((await read(server, one)).errors).toBeUndefined();
    const { ledger } = server.vendor(key);
    expect(ledger.filter(({ status }) => status === 401)).toEqual([]);
    expect(ledger.some(({ arrival }) => files.some(({ first }) => carries(arrival, renewed(first))))).toBe(false);
    expect(ledger.filter(({ arrival }) => isSignIn(arrival))).toEqual([]);
    expect(server.calls(second).map(({ status }) => status === 401)).toContain(true);
  });

  test('old and new secrets are redacted in answers that quote them', async () => {
    const { server, files, log, rotate, publish } = await start(key);
    await read(server, id);
    rotate();
    publish();
    const running = server.vendor(key);
    const { handle } = running.vendor;
    running.vendor.handle = (arrival) => {
      const answer = handle(arrival);
      if (isSignIn(arrival) || arrival.method === 'GET') return answer;
      const text = `${arrival.target} ${JSON.stringify(arrival.headers)}`;
      const body = JSON.stringify(samples.errorBody?.(text) ?? { message: text });
      const status = answer.status === 401 ? 401 : 400;
      return { status, headers: { 'content-type': 'application/json' }, body };
    };
    const { data } = await act(server);
    expect(data.executeAction.outcome).toBe('NOT_APPLIED');
    const shown = JSON.stringify(data) + log.join('');
    for (const { first } of files) expect(shown).not.toContain(first);
    expect(shown).not.toMatch(/Basic [\w+/]{8}/);
  });
});

test('reads of before are not answered from the cache after another secret is in use', async () => {
  const key = 'omnidesk';
  const { id } = samplesOf(key);
  const { server, rotate, publish } = await start(key, { environment: { OMNIDESK_CACHE_MS: '600000' } });
  await read(server, id);
  await read(server, id);
  expect(server.calls(key)).toHaveLength(1);
  server.forget();
  rotate();
  publish();
  // Not in the cache, so the vendor rejects the secret.
  const [other] = server
    .vendor(key)
    .vendor.ticketIds()
    .filter((one) => !id.endsWith(one));
  await read(server, `${key}:${other}`);
  expect(server.calls(key).map(({ status }) => status)).toEqual([401, 200]);
  await read(server, id);
  expect(server.calls(key)).toHaveLength(3);
});

test('a secret whose change needs other connections stays, and the log says what to do', async () => {
  const file = join(makeFolder(), 'token');
  writeFileSync(file, 'a-token');
  const { server, log } = await start('huawei', { environment: { HUAWEI_AUTH_TOKEN_FILE: file } });
  // Without a token, it would have to sign in with the account.
  writeFileSync(file, '');
  const { id } = samplesOf('huawei');
  for (let attempt = 0; attempt < 2; attempt += 1) {
    expect((await read(server, id)).errors?.[0]?.extensions).toMatchObject({ code: 'VENDOR_UNAUTHENTICATED' });
  }
  const statuses = server
    .vendor('huawei')
    .ledger.map(({ arrival, status }) => [arrival.headers['x-auth-token'], status]);
  expect(statuses).toEqual([
    ['a-token', 401],
    ['a-token', 401],
  ]);
  const warnings = () => log.filter((line) => line.includes('Restart to use it.'));
  await expect.poll(warnings).toHaveLength(1);
  expect(warnings()[0]).toContain('HUAWEI_AUTH_TOKEN');
});
