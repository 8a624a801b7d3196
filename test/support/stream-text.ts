/** Reads a stream of Server-Sent Events as text. */
import { onTestFinished } from 'vitest';

/** Over a connection of its own, until the test ends. */
export async function openStream(address: string, query: string, variables: object = {}): Promise<{ text(): string }> {
  const end = new AbortController();
  onTestFinished(() => end.abort());
  const headers = { 'content-type': 'application/json', accept: 'text/event-stream', connection: 'close' };
  const url = `${new URL(address).origin}/graphql`;
  const response = await fetch(url, {
    method: 'POST',
    headers,
    body: JSON.stringify({ query, variables }),
    signal: end.signal,
  });
  let text = '';
  const read = async (): Promise<void> => {
    const decoder = new TextDecoder();
    for await (const chunk of response.body!) text += decoder.decode(chunk as Uint8Array, { stream: true });
  };
  read().catch(() => undefined);
  return { text: () => text };
}
