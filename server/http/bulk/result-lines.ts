/** The results of a bulk job as a file. */
import type { FailureDetails, ItemResult } from '../../../datasources/index.ts';

export type ResultFormat = 'ndjson' | 'csv';

export const MEDIA_TYPES: Readonly<Record<ResultFormat, string>> = {
  ndjson: 'application/x-ndjson; charset=utf-8',
  csv: 'text/csv; charset=utf-8; header=present',
};

/** The code and message of a failure as clients see them. */
export type Explain = (
  failure: FailureDetails,
  item: ItemResult,
) => { readonly code: string; readonly message: string };

const COLUMNS = ['ticketId', 'outcome', 'code', 'message'] as const;

export function toHeader(format: ResultFormat): string {
  return format === 'csv' ? `${COLUMNS.join(',')}\r\n` : '';
}

export function toLine(item: ItemResult, format: ResultFormat, explain: Explain): string {
  const outcome = item.state === 'WAITING' || item.state === 'SENT' ? null : item.state;
  const { code = null, message = null } = item.failure ? explain(item.failure, item) : {};
  if (format === 'ndjson') return `${JSON.stringify({ ticketId: item.ticketId, outcome, code, message })}\n`;
  return `${[item.ticketId, outcome, code, message].map((cell) => toCell(cell ?? '')).join(',')}\r\n`;
}

/**
 * Quotes each cell, and puts an apostrophe before what a spreadsheet would take for a formula.
 * https://owasp.org/www-community/attacks/CSV_Injection
 */
function toCell(text: string): string {
  const harmless = /^[=+\-@\t\r\n＝＋－＠]/u.test(text) ? `'${text}` : text;
  return `"${harmless.replaceAll('"', '""')}"`;
}
