/** `METRICS` and `METRICS_*`: whether there are metrics, where, and who may read them. */
import { z } from 'zod';
import type { Environment, ValuesOf } from '../../datasources/contract.ts';
import {
  fileVariable,
  flag,
  optionalText,
  optionalWholeNumber,
  secret,
  setting,
} from '../../datasources/vendor-kit/settings.ts';
import { isBearerToken, type MetricsToken } from '../auth/metrics-token.ts';

const token = z.string().max(4096).refine(isBearerToken);

export const METRICS_SETTINGS = {
  METRICS: flag(true),
  METRICS_PORT: optionalWholeNumber(0, 65_535, 'or unset'),
  METRICS_HOST: optionalText('an address to listen on', 255),
  METRICS_TOKEN: secret(setting(token.optional(), 'letters, digits and any of ._~+/-, at most 4096, or unset')),
};

type MetricsSettings = ValuesOf<typeof METRICS_SETTINGS> & { readonly PORT: number; readonly HOST: string };

export interface MetricsAccess {
  /** Of `/metrics` and `/health/*`. `undefined` if they are served on the endpoint's port only. */
  readonly port: number | undefined;
  /** The address that the port belongs to. */
  readonly host: string;
  /** `undefined` if no token is needed. */
  readonly token: MetricsToken | undefined;
}

/** Returns where metrics are served and to whom, or what is wrong with the settings. */
export function readMetricsAccess(
  { PORT, HOST, METRICS_PORT: port, METRICS_HOST: host = HOST, METRICS_TOKEN: value }: MetricsSettings,
  environment: Environment,
): MetricsAccess | { errors: readonly string[] } {
  if (port !== undefined && port !== 0 && port === PORT) return { errors: [SAME_PORT] };
  const path = environment[fileVariable('METRICS_TOKEN')];
  // Empty counts as unset.
  const file = path === '' ? undefined : path;
  return { port, host, token: value === undefined ? undefined : { value, file } };
}

const SAME_PORT = 'METRICS_PORT is the same as PORT. Set it to another one, or unset it to serve metrics on PORT.';
