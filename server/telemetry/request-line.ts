/**
 * The log line of a request, character for character as pino writes it. Its fields are fixed, so the text is put together
 * here, which avoids pino's inspection of each field (docs/performance.md#request-line).
 */
import type { Counts, RequestRecord } from './request-record.ts';

export type RequestLevel = 'info' | 'warn' | 'error';

/**
 * Returns the line with its line break.
 *
 * @param processId Omit to leave it out.
 */
export function toRequestLine(record: RequestRecord, level: RequestLevel, processId?: number): string {
  const { traceId, failed, codes } = record;
  return (
    `{"level":"${level}","time":"${timestamp()}"` +
    (processId === undefined ? '' : `,"pid":${processId}`) +
    `,"requestId":"${record.id}"` +
    (traceId === undefined ? '' : `,"traceId":"${traceId}"`) +
    `,"operation":{"name":${quote(record.operationName)},"type":${quote(record.operationType)}}` +
    `,"caller":${quote(record.callerId)},"vendors":${toJson(record.calls)}` +
    (failed === undefined ? '' : `,"failed":${JSON.stringify(Object.fromEntries(failed))}`) +
    `,"sharedReads":${record.sharedReads},"outcomes":${toJson(record.outcomes)}` +
    `,"codes":${codes === undefined ? '[]' : JSON.stringify([...codes])}` +
    `,"result":"${record.result}","status":${record.status}` +
    `,"durationMs":${Math.round((record.durationMs ?? 0) * 10) / 10},"msg":"request"}\n`
  );
}

/** Characters that JSON does not escape. */
const UNESCAPED = /^[\w .:@/-]*$/;

function quote(text: string | null): string {
  if (text === null) return 'null';
  return UNESCAPED.test(text) ? `"${text}"` : JSON.stringify(text);
}

/** The keys are names of vendors and outcomes, which need no escaping. */
function toJson(counts: Counts | undefined): string {
  if (counts === undefined) return '{}';
  const { keys, values } = counts;
  let fields = `"${keys[0]}":${values[0]}`;
  for (let index = 1; index < keys.length; index += 1) fields += `,"${keys[index]}":${values[index]}`;
  return `{${fields}}`;
}

let formattedAt = 0;
let formatted = '';

/** The time in ISO 8601. Lines of the same millisecond share the text. */
function timestamp(): string {
  const now = Date.now();
  if (now !== formattedAt) {
    formattedAt = now;
    formatted = new Date(now).toISOString();
  }
  return formatted;
}
