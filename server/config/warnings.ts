/** Settings that do not stop the start, but are probably wrong. Warnings name variables, never values. */
import type { Environment, Vendor } from '../../datasources/contract.ts';
import { defaultSource, isConfigured, settingsOfSource } from '../../datasources/upstream/connection-settings.ts';
import { fileVariable } from '../../datasources/vendor-kit/settings.ts';
import { toVariable } from '../../datasources/vendor-kit/source-key.ts';
import type { MetricsAccess } from './metrics-settings.ts';
import { listNames, ownSettings } from './variables.ts';

/**
 * Warnings for variables that look like the vendor's and are not used: misspelt names, and settings of a vendor without
 * a URL. Not errors, as other programs may use such names. In the file of sources, they are errors.
 */
export function warnUnknownSettings(vendor: Vendor, environment: Environment): string[] {
  const known = [...settingsOfSource(vendor, vendor.key)].map(([name, isSecret]) => ({
    name: toVariable(vendor.key, name),
    isSecret,
  }));
  const names = known.map(({ name }) => name);
  const files = known.filter(({ isSecret }) => isSecret).map(({ name }) => fileVariable(name));
  const unknown = Object.keys(environment).filter((name) => {
    return name.startsWith(toVariable(vendor.key, '')) && !names.includes(name) && !files.includes(name);
  });
  return [
    ...warnInactive(vendor, environment),
    ...unknown.map((name) => `Ignoring ${name}: not a setting of ${vendor.name}. Known settings: ${names.join(', ')}.`),
  ];
}

function warnInactive(vendor: Vendor, environment: Environment): string[] {
  const given = ownSettings(defaultSource(vendor), environment);
  if (isConfigured(vendor, environment) || given.length === 0) return [];
  return [`Ignoring ${listNames(given)}: ${vendor.name} is off. Set ${toVariable(vendor.key, 'URL')} to turn it on.`];
}

/** Variables that platforms set, and that suggest replicas on several machines or disks. */
const PLATFORM_VARIABLES = [
  ['KUBERNETES_SERVICE_HOST', 'Kubernetes'],
  ['ECS_CONTAINER_METADATA_URI_V4', 'Amazon ECS'],
  ['K_SERVICE', 'Cloud Run'],
  ['CONTAINER_APP_NAME', 'Azure Container Apps'],
  ['WEBSITE_INSTANCE_ID', 'Azure App Service'],
  ['NOMAD_ALLOC_ID', 'Nomad'],
  ['FLY_MACHINE_ID', 'Fly.io'],
  ['DYNO', 'Heroku'],
] as const;

/** Variables that pm2 and Node's cluster module set for each of several processes on one machine. */
const PROCESS_VARIABLES = ['NODE_APP_INSTANCE', 'pm_id', 'NODE_UNIQUE_ID'] as const;

/** Warnings if there seem to be replicas without a shared store. */
export function warnUnsharedStore(environment: Environment): string[] {
  if (environment['REDIS_URL']) return [];
  const platform = PLATFORM_VARIABLES.find(([name]) => environment[name]);
  if (platform) {
    const [name, platformName] = platform;
    return [
      `Idempotency keys are not shared: this runs on ${platformName} (${name} is set) and REDIS_URL is not set, so two ` +
        'replicas may both send a write with the same key. Set REDIS_URL, or run a single replica.',
    ];
  }
  const processVariable = PROCESS_VARIABLES.find((name) => environment[name]);
  if (processVariable === undefined) return [];
  return [
    `Idempotency keys may not be shared: there seem to be several processes (${processVariable} is set) and REDIS_URL is ` +
      'not set. Set REDIS_URL, or the same STORE_PATH for all processes of this machine.',
  ];
}

/** Below these, a token can be found by trying. */
const MIN_TOKEN_LENGTH = 16;

/** Warnings about the port and the token of `/metrics`. */
export function warnMetricsAccess({ port, token }: MetricsAccess, environment: Environment): string[] {
  const isShort = token !== undefined && token.value.length < MIN_TOKEN_LENGTH;
  const name = token?.file === undefined ? 'METRICS_TOKEN' : 'METRICS_TOKEN_FILE';
  return [
    ...(isShort
      ? [
          `The token of ${name} is shorter than ${MIN_TOKEN_LENGTH} characters and may be guessed. Set a longer one, such ` +
            'as the output of openssl rand -hex 32.',
        ]
      : []),
    ...(port === undefined && environment['METRICS_HOST']
      ? ['Ignoring METRICS_HOST: metrics are served on PORT. Set METRICS_PORT to give them a port of their own.']
      : []),
  ];
}
