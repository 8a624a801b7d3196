/** Reads Server-Sent Events: https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream */

export interface ServerSentEvent {
  /** `message` if the event has no type. A block without data, such as a heartbeat, is `heartbeat`. */
  readonly type: string;
  readonly data: string;
}

/**
 * Reads events until the body ends. Each read of the body is bounded.
 *
 * @param maxSilenceMs longest time without a byte. Heartbeats count.
 * @throws the body's error, and an `Error` if the server is silent for longer.
 */
export async function* readEvents(
  body: ReadableStream<Uint8Array>,
  maxSilenceMs: number,
): AsyncGenerator<ServerSentEvent, undefined> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  try {
    for (;;) {
      const { done, value } = await within(maxSilenceMs, reader.read());
      if (done) return;
      text += decoder.decode(value, { stream: true });
      // A carriage return at the end may be the first half of a line break.
      const isSplit = text.endsWith('\r');
      const lines = (isSplit ? text.slice(0, -1) : text).replaceAll(/\r\n?/g, '\n');
      const blocks = lines.split('\n\n');
      text = blocks.pop()! + (isSplit ? '\r' : '');
      for (const block of blocks) yield parseBlock(block);
    }
  } finally {
    // Not awaited: a connection that is lost may never confirm.
    reader.cancel().catch(() => undefined);
  }
}

function parseBlock(block: string): ServerSentEvent {
  let type = '';
  const data: string[] = [];
  for (const line of block.split('\n')) {
    const [, name, value = ''] = /^([^:]+)(?:: ?(.*))?$/.exec(line) ?? [];
    if (name === 'event') type = value;
    if (name === 'data') data.push(value);
  }
  return { type: type || (data.length > 0 ? 'message' : 'heartbeat'), data: data.join('\n') };
}

async function within<Value>(milliseconds: number, promise: Promise<Value>): Promise<Value> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`Nothing was received for ${milliseconds} ms.`)), milliseconds);
  });
  try {
    return await Promise.race([promise, silence]);
  } finally {
    clearTimeout(timer);
  }
}
