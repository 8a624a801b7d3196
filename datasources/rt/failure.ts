/** Maps Request Tracker's errors: `{"message": "…"}`, in the language of the account. `RT::REST2::Util` */
import type { ErrorMapper } from '../contract.ts';
import { asObject, asText } from '../vendor-kit/coerce.ts';
import { kindOfStatus } from '../vendor-kit/failure.ts';
import { parseJson } from '../vendor-kit/json.ts';

export const toFailure: ErrorMapper = ({ status, text }) => {
  const said = asText(asObject(parseJson(text))?.['message']);
  const upstreamMessage = said === null ? {} : { upstreamMessage: withoutPlace(said) };
  // Its own 404 is JSON. A page means that the address is wrong, never that a ticket is missing.
  if (status === 404 && said === null && text.trim() !== '') return { kind: 'rejected', message: NOT_RT };
  if (status === 412) return { kind: 'rejected', message: CHANGED, ...upstreamMessage };
  return { kind: kindOfStatus(status), ...upstreamMessage };
};

const NOT_RT = "The answer is not one of Request Tracker's REST 2.0. Check RT_URL.";

const CHANGED =
  'The ticket has changed since it was read for this write, which was therefore not made. ' +
  'Look at the ticket before trying again.';

/** Errors in a search quote a place in the program: `Unknown field: Foo at …/RT/Tickets.pm line 3187.` */
function withoutPlace(message: string): string {
  return message.replace(/ at \S{1,300} line \d{1,7}\.?\s*$/, '');
}
