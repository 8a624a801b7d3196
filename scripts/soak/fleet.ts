/** Two replicas over one store. One of them is killed and started again all the time; the other lives, and is measured. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startRedis, whyNoRedis } from '../../test/support/redis.ts';
import { startReplica, type Replica } from '../../test/support/replica.ts';

export interface Fleet {
  /** Where the keys are kept, in words. */
  readonly store: string;
  readonly kills: number;
  /** Any replica that runs. */
  pick(): Replica;
  /** kill -9 for one of the two, and another in its place. */
  killOne(): Promise<void>;
  /** Resident memory of the one that lives, in bytes; undefined where this system does not tell. */
  memory(): number | undefined;
  /** What the replicas wrote to stderr, and exit codes other than 0 at their end. */
  stop(): Promise<string[]>;
}

export async function startFleet(settings: Readonly<Record<string, string>>): Promise<Fleet> {
  const store = await openStore();
  const start = (): Promise<Replica> => startReplica({ ...settings, ...store.settings });
  const [lasting, first] = await Promise.all([start(), start()]);
  let mortal: Replica | undefined = first;
  const complaints: string[] = [];
  let kills = 0;
  return {
    store: store.name,
    get kills() {
      return kills;
    },
    pick: () => (mortal && Math.random() < 0.5 ? mortal : lasting),
    async killOne() {
      const killed = mortal;
      if (!killed) return;
      await killed.kill();
      mortal = undefined;
      kills += 1;
      complaints.push(killed.complaints());
      mortal = await start();
    },
    memory: () => readMemory(lasting.pid),
    async stop() {
      const ending = [lasting, ...(mortal ? [mortal] : [])];
      const codes = await Promise.all(ending.map((replica) => replica.stop()));
      await store.close();
      complaints.push(...ending.map((replica) => replica.complaints()));
      complaints.push(...codes.map((code) => (code === 0 ? '' : `A replica ended with ${code} after SIGTERM.`)));
      return complaints.filter((text) => text !== '');
    },
  };
}

export interface OpenStore {
  readonly name: string;
  readonly settings: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** A Redis of its own where the binary is there, else a file. */
export async function openStore(): Promise<OpenStore> {
  if (whyNoRedis === undefined) {
    const redis = await startRedis();
    return { name: 'Redis', settings: { REDIS_URL: redis.url }, close: () => redis.close() };
  }
  const folder = mkdtempSync(join(tmpdir(), 'ticketgraph-soak-'));
  return {
    name: `a file (${whyNoRedis})`,
    settings: { STORE_PATH: join(folder, 'store') },
    close: async () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** https://man7.org/linux/man-pages/man5/proc_pid_status.5.html */
function readMemory(pid: number): number | undefined {
  try {
    const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
  } catch {
    return undefined;
  }
}
