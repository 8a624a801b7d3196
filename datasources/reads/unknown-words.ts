/** Reports words that vendors have added to their enumerations: each lookup is counted, each new word is logged once. */
import type { EventSink } from '../upstream/events.ts';
import { isPlainWord, onUnknownWord } from '../vendor-kit/words.ts';

/** Different words of one field that are logged. More are hardly an enumeration. */
const MAX_LOGGED = 20;

/**
 * Reports the unknown words of these vendors until the returned function is called.
 *
 * @param isConnected whether the vendor with this key is one of ours
 */
export function reportUnknownWords(
  events: Pick<EventSink, 'onUnknownWord' | 'onWarning'>,
  isConnected: (vendor: string) => boolean,
): () => void {
  const logged = new Map<string, Set<string>>();
  return onUnknownWord(({ vendor, field, word }) => {
    if (!isConnected(vendor)) return;
    events.onUnknownWord(vendor, field);
    const key = `${vendor} ${field}`;
    const words = logged.get(key) ?? new Set();
    if (words.has(word) || words.size >= MAX_LOGGED) return;
    logged.set(key, words.add(word));
    const shown = isPlainWord(word) ? `"${word}"` : `of ${word.length} characters`;
    events.onWarning(
      vendor,
      `Unknown word ${shown} in ${field}: it has no meaning here. Run ticketgraph verify to see what else differs.`,
    );
  });
}
