/**
 * The connections to Redis that live updates use: one for commands, and one that waits for entries of the stream. Knows
 * whether Redis answers: https://redis.io/docs/latest/develop/clients/nodejs/
 */
import { randomUUID } from 'node:crypto';
import { createClient } from 'redis';

/** Milliseconds after which Redis counts as down if it has not answered. */
const COMMAND_TIMEOUT_MS = 2_000;

const LIFE = 'ticketgraph:live:life';

export type RedisClient = ReturnType<typeof createLinkClient>;

function createLinkClient(url: string) {
  return createClient({
    url,
    disableOfflineQueue: true,
    // `run` has a timeout. The client's own keeps a timer for each command, also once it was answered.
    commandOptions: { timeout: 0 },
    socket: {
      connectTimeout: COMMAND_TIMEOUT_MS,
      reconnectStrategy: (retries) => Math.min(1_000, 50 * 2 ** Math.min(retries, 5)),
    },
  });
}

export class RedisLink {
  readonly commands: RedisClient;
  readonly reader: RedisClient;
  readonly processId = randomUUID();
  /** Changes when Redis has lost its data; `undefined` before the first connection. */
  life: string | undefined;
  #isUp = false;
  #checking: Promise<void> | undefined;
  #isClosed = false;
  #onChange: () => void = () => undefined;
  #onReady: () => void = () => undefined;
  readonly #first = Promise.withResolvers<undefined>();

  constructor(url: string) {
    this.commands = createLinkClient(url);
    this.reader = createLinkClient(url);
    for (const client of [this.commands, this.reader]) {
      // Without a listener, a lost connection would end the process. The client reconnects by itself.
      client.on('error', () => this.#setUp(false));
      client.on('ready', () => this.#onReady());
      client.connect().catch(() => undefined);
    }
  }

  /** Whether Redis answers. */
  get isUp(): boolean {
    return this.#isUp;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Resolves when Redis has answered for the first time, or after the time that a command may take. */
  async ready(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise((resolve) => {
      timer = setTimeout(resolve, COMMAND_TIMEOUT_MS);
    });
    await Promise.race([this.#first.promise, timeout]);
    clearTimeout(timer);
  }

  /** @param onReady called when a connection is open, also again */
  listen(onChange: () => void, onReady: () => void): void {
    this.#onChange = onChange;
    this.#onReady = onReady;
  }

  /** Asks Redis for its life. @param onAnswer called before it counts as up again */
  check(onAnswer: (life: string) => Promise<void>): Promise<void> {
    this.#checking ??= this.#check(onAnswer).finally(() => {
      this.#checking = undefined;
    });
    return this.#checking;
  }

  async #check(onAnswer: (life: string) => Promise<void>): Promise<void> {
    try {
      const life = await this.run(async (redis) => {
        await redis.set(LIFE, randomUUID(), { condition: 'NX' });
        return redis.get(LIFE);
      });
      if (life === null) return;
      await onAnswer(life);
      this.life = life;
      this.#setUp(this.reader.isReady);
    } catch {
      this.#setUp(false);
    }
  }

  /** Runs commands. @throws an error if Redis does not answer in time; then it counts as down */
  async run<Value>(use: (redis: RedisClient) => Promise<Value>): Promise<Value> {
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(new Error(`Redis did not answer within ${COMMAND_TIMEOUT_MS} ms.`)),
        COMMAND_TIMEOUT_MS,
      );
    });
    try {
      return await Promise.race([use(this.commands), timeout]);
    } catch (error) {
      this.#setUp(false);
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  #setUp(isUp: boolean): void {
    if (this.#isClosed || isUp === this.#isUp) return;
    this.#isUp = isUp;
    if (isUp) this.#first.resolve(undefined);
    this.#onChange();
  }

  close(): void {
    this.#isClosed = true;
    this.commands.destroy();
    this.reader.destroy();
  }
}
