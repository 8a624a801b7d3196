/** Maps Acme's errors: `{"sorry": "…"}`. https://acme.example/api/errors */
import type { ErrorMapper } from '../contract.ts';
import { kindOfStatus } from '../vendor-kit/failure.ts';
import { parseJson } from '../vendor-kit/json.ts';
import { asObject, asText } from '../vendor-kit/coerce.ts';

export const toFailure: ErrorMapper = ({ status, text }) => {
  const sorry = asText(asObject(parseJson(text))?.['sorry']);
  return { kind: kindOfStatus(status), ...(sorry !== null && { upstreamMessage: sorry }) };
};
