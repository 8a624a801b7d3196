/** Reads text by lines as it arrives. */

/**
 * Yields each line without its break. The body is canceled when the loop is left.
 *
 * @throws the body's error
 */
export async function* readLines(body: ReadableStream<Uint8Array>): AsyncGenerator<string, undefined> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      const lines = (rest + decoder.decode(value, { stream: true })).split('\n');
      rest = lines.pop()!;
      yield* lines;
    }
    if (rest !== '') yield rest;
  } finally {
    // Not awaited: a connection that is lost may never confirm.
    reader.cancel().catch(() => undefined);
  }
}
