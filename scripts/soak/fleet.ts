/** Two replicas that share a store. One is killed and restarted repeatedly; the memory of the other one is measured. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startRedis, whyNoRedis } from '../../test/support/redis.ts';
import { startReplica, type Replica } from '../../test/support/replica.ts';

export interface Fleet {
  /** Description of the key store. */
  readonly store: string;
  readonly kills: number;
  /** Returns a random running replica. */
  pick(): Replica;
  /** Kills one replica with SIGKILL, and starts another one. */
  killOne(): Promise<void>;
  /** Resident memory of the lasting replica in bytes, or `undefined` if the system has no /proc. */
  memory(): number | undefined;
  /** Returns what the replicas wrote to stderr, and exit codes other than 0. */
  stop(): Promise<string[]>;
}

export async function startFleet(settings: Readonly<Record<string, string>>): Promise<Fleet> {
  const store = await openStore();
  const start = (): Promise<Replica> => startReplica({ ...settings, ...store.settings });
  const [lasting, first] = await Promise.all([start(), start()]);
  let killable: Replica | undefined = first;
  const complaints: string[] = [];
  let kills = 0;
  return {
    store: store.name,
    get kills() {
      return kills;
    },
    pick: () => (killable && Math.random() < 0.5 ? killable : lasting),
    async killOne() {
      const killed = killable;
      if (!killed) return;
      await killed.kill();
      killable = undefined;
      kills += 1;
      complaints.push(killed.complaints());
      killable = await start();
    },
    memory: () => readMemory(lasting.pid),
    async stop() {
      const ending = [lasting, ...(killable ? [killable] : [])];
      const codes = await Promise.all(ending.map((replica) => replica.stop()));
      await store.close();
      complaints.push(...ending.map((replica) => replica.complaints()));
      complaints.push(...codes.map((code) => (code === 0 ? '' : `A replica exited with code ${code} after SIGTERM.`)));
      return complaints.filter((text) => text !== '');
    },
  };
}

export interface OpenStore {
  readonly name: string;
  readonly settings: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** Starts a Redis server if the binary is installed, otherwise uses a file. */
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
