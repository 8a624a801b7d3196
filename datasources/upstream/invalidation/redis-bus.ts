/**
 * Invalidation through Redis: https://redis.io/docs/latest/develop/interact/pubsub/. Redis does not store messages, so a
 * replica that was disconnected may have missed some.
 */
import { randomUUID } from 'node:crypto';
import { createClient } from 'redis';
import type { InvalidationBus } from './bus.ts';

const CHANNEL = 'ticketgraph:changes';

/** Milliseconds that a write waits for Redis. Cached answers expire soon afterwards in any case. */
const PUBLISH_TIMEOUT_MS = 500;

/** @param url as in `redis://:password@host:6379/0` */
export function createRedisBus(url: string): InvalidationBus {
  const replicaId = randomUUID();
  const options = {
    url,
    disableOfflineQueue: true,
    socket: { reconnectStrategy: (retries: number) => Math.min(1_000, 50 * 2 ** retries) },
  };
  const publisher = createClient(options);
  const subscriber = createClient(options);
  const clients = [publisher, subscriber];
  // Without a listener, a lost connection would end the process. The client reconnects by itself.
  clients.forEach((client) => client.on('error', () => undefined));
  let isSubscribed = false;
  let isStarted = false;

  return {
    get isListening() {
      return isSubscribed && subscriber.isReady;
    },
    async announce(sourceKey) {
      if (!publisher.isReady) return;
      const published = publisher.publish(CHANNEL, `${replicaId} ${sourceKey}`).catch(() => undefined);
      await Promise.race([published, new Promise((resolve) => setTimeout(resolve, PUBLISH_TIMEOUT_MS).unref())]);
    },
    listen(onWrite) {
      isStarted = true;
      const onMessage = (message: string): void => {
        const [sender, sourceKey] = message.split(' ');
        if (sender !== replicaId) onWrite(sourceKey);
      };
      const onGap = (): void => onWrite(undefined);
      // The client subscribes again before it emits `ready`.
      for (const event of ['end', 'reconnecting', 'ready']) subscriber.on(event, onGap);
      const connect = async (): Promise<void> => {
        await Promise.all(clients.map((client) => client.connect()));
        await subscriber.subscribe(CHANNEL, onMessage);
        isSubscribed = true;
      };
      connect().catch(() => undefined);
    },
    async close() {
      if (isStarted) clients.forEach((client) => client.destroy());
    },
  };
}
