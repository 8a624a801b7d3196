/**
 * Changes told through Redis: https://redis.io/docs/latest/develop/interact/pubsub/. Messages are not kept, so whoever was
 * cut off for a moment has to count on having missed some.
 */
import { randomUUID } from 'node:crypto';
import { createClient } from 'redis';
import type { InvalidationBus } from './bus.ts';

const CHANNEL = 'ticketgraph:changes';

/** Milliseconds that a write waits until the others have been told. What they keep ends by itself soon after. */
const TELL_WITHIN_MS = 500;

/** @param url as in `redis://:password@host:6379/0` */
export function createRedisBus(url: string): InvalidationBus {
  const self = randomUUID();
  const options = {
    url,
    disableOfflineQueue: true,
    socket: { reconnectStrategy: (tries: number) => Math.min(1_000, 50 * 2 ** tries) },
  };
  const speaker = createClient(options);
  const listener = createClient(options);
  const all = [speaker, listener];
  // Without a listener for it a lost connection would end the process; it connects again by itself.
  all.forEach((client) => client.on('error', () => undefined));
  let isSubscribed = false;
  let isStarted = false;

  return {
    get isListening() {
      return isSubscribed && listener.isReady;
    },
    async announce(vendorKey) {
      if (!speaker.isReady) return;
      const telling = speaker.publish(CHANNEL, `${self} ${vendorKey}`).catch(() => undefined);
      await Promise.race([telling, new Promise((resolve) => setTimeout(resolve, TELL_WITHIN_MS).unref())]);
    },
    listen(heard) {
      isStarted = true;
      const hear = (message: string): void => {
        const [sender, vendorKey] = message.split(' ');
        if (sender !== self) heard(vendorKey);
      };
      const missSome = (): void => heard(undefined);
      // Subscriptions are made anew by the client before it says that it is ready again.
      for (const event of ['end', 'reconnecting', 'ready']) listener.on(event, missSome);
      const connect = async (): Promise<void> => {
        await Promise.all(all.map((client) => client.connect()));
        await listener.subscribe(CHANNEL, hear);
        isSubscribed = true;
      };
      connect().catch(() => undefined);
    },
    async close() {
      if (isStarted) all.forEach((client) => client.destroy());
    },
  };
}
