/** Which `Host` headers a port accepts, by `HOST` and `ALLOWED_HOSTS`. */
import { isWildcard, type HostRules } from '../http/allowed-hosts.ts';

interface HostSettings {
  readonly HOST: string;
  readonly ALLOWED_HOSTS: readonly string[] | undefined;
}

/**
 * With authentication, or when listening on all interfaces, host names are known from ALLOWED_HOSTS alone. Without that
 * setting any host is accepted.
 */
export function toHostRules({ HOST, ALLOWED_HOSTS: allowed = [] }: HostSettings, requiresAuth: boolean): HostRules {
  const isAnyAccepted = allowed.length === 0 && (requiresAuth || isWildcard(HOST));
  return { hosts: isAnyAccepted ? undefined : [HOST, ...allowed], requiresAuth };
}
