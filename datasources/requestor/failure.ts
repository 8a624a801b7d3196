/**
 * Maps Requestor's errors: "400 BadRequest with Message". The format of the Message is not documented: it is a field of
 * JSON or XML, as written by ASP.NET, or the text itself. The ExceptionMessage, StackTrace and ModelState beside it are
 * not exposed. https://ipex-demo4.servicedesk.net/Help/Api/POST-api-Tickets-WorkflowPush
 */
import type { ErrorMapper, UpstreamAnswer } from '../contract.ts';
import { cutToRead, kindOfStatus } from '../vendor-kit/failure.ts';
import { mediaType } from '../vendor-kit/request.ts';
import { parseMessage } from './wire.ts';

export const toFailure: ErrorMapper = (answer) => {
  const message = parseMessage(answer) ?? plainMessage(answer);
  return { kind: kindOfStatus(answer.status), ...(message !== null && { upstreamMessage: message }) };
};

/** Returns the body of a 400 unless it is a document or an exception. */
function plainMessage(answer: UpstreamAnswer): string | null {
  if (answer.status !== 400) return null;
  const text = cutToRead(answer.text.trim());
  const isDocument = /^[<{["]/.test(text) || mediaType(answer).includes('html');
  return text !== '' && !isDocument && !isException(text) ? text : null;
}

function isException(text: string): boolean {
  if (/Exception\b/.test(text)) return true;
  const [, ...lines] = text.split(/[\r\n]+/);
  return lines.some((line) => /^at\s/.test(line.trimStart()));
}
