/**
 * `ticketgraph doctor`: checks each source with the settings of this environment, or through a running server. Writes
 * nothing.
 */
import { findSources } from '../../datasources/upstream/connection-settings.ts';
import { toVariable } from '../../datasources/vendor-kit/source-key.ts';
import { vendors } from '../../datasources/vendors.ts';
import { DEFAULT_UPSTREAM_BYTES, readServer } from '../../server/config/server-settings.ts';
import { readSourceFile } from '../../server/config/source-file.ts';
import { warnUnsharedStore } from '../../server/config/warnings.ts';
import { DEFAULT_URL } from '../arguments.ts';
import { diagnose, type Diagnosis } from '../doctor/diagnosis.ts';
import { diagnoseRunning, type RunningDiagnosis } from '../doctor/running.ts';
import { diagnoseStore, type StoreDiagnosis } from '../doctor/store.ts';
import { CommandError, EXIT } from '../exit.ts';
import { note, paint, print, printJson, printTable, type Cell } from '../output.ts';
import type { ServerOptions } from '../server.ts';

export type DoctorOptions = Partial<ServerOptions>;

interface Report {
  readonly isWell: boolean;
  readonly vendors: readonly Diagnosis[];
  /** `undefined` if the server's own settings are invalid. */
  readonly store: StoreDiagnosis | undefined;
  /** Errors in the server's own settings, or that no vendor is configured. */
  readonly server: readonly string[];
  readonly isAnyConfigured: boolean;
}

export async function doctor(options: DoctorOptions): Promise<void> {
  const { url, json = false, ...credentials } = options;
  if (url !== undefined) {
    reportRunning(url, await diagnoseRunning({ url, ...credentials }), json);
    return;
  }
  const report = await checkEnvironment();
  if (report.isAnyConfigured || report.server.length > 0) {
    reportOwn(report, json);
    return;
  }
  const defaultUrl = ownUrl(process.env);
  const running = await findRunning({ url: defaultUrl, ...credentials });
  if ('diagnoses' in running) {
    note(`No vendor is configured in this environment: checking the server at ${defaultUrl} instead.\n`);
    reportRunning(defaultUrl, running.diagnoses, json);
  } else {
    reportOwn({ ...report, isWell: false, server: [NONE_CONFIGURED, running.reason] }, json);
  }
}

/** `TICKETGRAPH_URL`, or the URL of a server that is started in this environment. */
function ownUrl({ TICKETGRAPH_URL: url, PORT: port }: NodeJS.ProcessEnv): string {
  if (url && !/^https?:$/.test(URL.parse(url)?.protocol ?? '')) {
    throw new CommandError(EXIT.usage, 'TICKETGRAPH_URL is not a URL.', `Expected a URL such as ${DEFAULT_URL}.`);
  }
  if (url) return url;
  return port && /^[1-9]\d*$/.test(port) ? `http://127.0.0.1:${port}/graphql` : DEFAULT_URL;
}

/** Returns the reason instead of throwing, because this server was not named by the user. */
async function findRunning(
  options: ServerOptions,
): Promise<{ readonly diagnoses: readonly RunningDiagnosis[] } | { readonly reason: string }> {
  try {
    return { diagnoses: await diagnoseRunning(options) };
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    const { message, nextStep = '' } = error;
    return { reason: `Cannot check a running server instead: ${message} ${nextStep}`.trim() };
  }
}

function reportOwn(report: Report, json: boolean): void {
  if (json) printJson(toJson(report));
  else printReport(report);
  process.exitCode = report.isWell ? EXIT.done : EXIT.notDone;
}

function reportRunning(url: string, diagnoses: readonly RunningDiagnosis[], json: boolean): void {
  const isWell = diagnoses.every((diagnosis) => diagnosis.isWell);
  if (json) printJson(runningToJson(url, isWell, diagnoses));
  else printRunning(isWell, diagnoses);
  process.exitCode = isWell ? EXIT.done : EXIT.notDone;
}

async function checkEnvironment(): Promise<Report> {
  const variables = await readSourceFile(process.env, vendors);
  const { environment } = variables;
  const read = readServer(environment, vendors);
  const settings = 'settings' in read ? read.settings : undefined;
  const errors = [...variables.errors, ...('errors' in read ? read.errors : [])];
  const maximumBytes = settings?.MAX_UPSTREAM_BYTES ?? DEFAULT_UPSTREAM_BYTES;
  const [diagnoses, store] = await Promise.all([
    Promise.all(findSources(vendors, environment).map((source) => diagnose(source, variables, maximumBytes))),
    settings && diagnoseStore(settings.REDIS_URL, settings.STORE_PATH),
  ]);
  const isAnyConfigured = diagnoses.some(({ isConfigured }) => isConfigured);
  const isWell = errors.length === 0 && !store?.problem && diagnoses.every((diagnosis) => diagnosis.isWell);
  return { isWell, vendors: diagnoses, store, server: errors, isAnyConfigured };
}

const NONE_CONFIGURED =
  'No vendor is configured. Set the variables of at least one, starting with its URL ' +
  `(${vendors.map(({ key }) => toVariable(key, 'URL')).join(', ')}).`;

function printRunning(isWell: boolean, diagnoses: readonly RunningDiagnosis[]): void {
  printTable(['VENDOR', 'SETTINGS', 'REACHABLE', 'SIGN-IN', 'READ'], diagnoses.map(runningToRow));
  const problems = diagnoses.flatMap((one) => one.problems);
  if (problems.length > 0) print('');
  for (const problem of problems) print(`${paint('red', 'error:')} ${problem}`);
  if (isWell) note('All checks passed.');
}

function runningToRow({ name, isConfigured, isReachable, isSignedIn, read }: RunningDiagnosis): Cell[] {
  if (!isConfigured) return [name, 'off', null, null, null];
  return [name, 'complete', ...toCells(isReachable, isSignedIn, read)];
}

function toCells(
  isReachable: boolean | null | undefined,
  isSignedIn: boolean | null | undefined,
  read: RunningDiagnosis['read'],
): Cell[] {
  return [
    isReachable === undefined || isReachable === null ? null : isReachable ? 'yes' : ['no', 'red'],
    isSignedIn === undefined || isSignedIn === null ? null : isSignedIn ? 'works' : ['rejected', 'red'],
    read === 'failed' ? ['failed', 'red'] : read === 'not-tried' ? null : 'works',
  ];
}

/** The same shape as that of `toJson`; null for values that need the settings. */
function runningToJson(url: string, isWell: boolean, diagnoses: readonly RunningDiagnosis[]): unknown {
  return {
    well: isWell,
    url,
    server: [],
    store: null,
    vendors: diagnoses.map(
      ({ vendor, source, name, isConfigured, isWell: well, isReachable, isSignedIn, read, problems }) => ({
        vendor,
        source,
        name,
        configured: isConfigured,
        well,
        mistakes: [],
        reachable: isReachable,
        signedIn: isSignedIn,
        read: isConfigured ? read : null,
        clockSkewSeconds: null,
        problems,
        remarks: [],
      }),
    ),
  };
}

function printReport({ isWell, vendors: diagnoses, store, server }: Report): void {
  printTable(['VENDOR', 'SETTINGS', 'REACHABLE', 'SIGN-IN', 'READ', 'CLOCK'], diagnoses.map(toRow));
  if (store) print(`\nStore of idempotency keys (${store.variable}): ${store.problem ? 'not usable' : 'usable'}`);
  const problems = [...server, ...diagnoses.flatMap((one) => one.problems), ...(store?.problem ? [store.problem] : [])];
  const notices = [...diagnoses.flatMap((one) => one.notices), ...remarksOf(store)];
  if (problems.length + notices.length > 0) print('');
  for (const problem of problems) print(`${paint('red', 'error:')} ${problem}`);
  for (const notice of notices) print(`${paint('yellow', 'note:')} ${notice}`);
  if (isWell) note('All checks passed.');
}

/** About the server itself. */
function remarksOf(store: StoreDiagnosis | undefined): readonly string[] {
  return [...warnUnsharedStore(process.env), ...(store?.risks ?? [])];
}

function toRow({ name, isConfigured, settingErrors, health }: Diagnosis): Cell[] {
  if (!isConfigured) return [name, 'off', null, null, null, null];
  if (!health) return [name, [`${settingErrors.length} invalid`, 'red'], null, null, null, null];
  const { isReachable, isSignedIn, read, clockSkewSeconds } = health;
  return [
    name,
    'complete',
    ...toCells(isReachable, isSignedIn, read),
    clockSkewSeconds === undefined ? null : `${clockSkewSeconds < 0 ? '' : '+'}${clockSkewSeconds} s`,
  ];
}

function toJson({ isWell, vendors: diagnoses, store, server }: Report): unknown {
  return {
    well: isWell,
    url: null,
    server,
    store: store && { variable: store.variable, problem: store.problem ?? null },
    remarks: remarksOf(store),
    vendors: diagnoses.map(
      ({ vendor, source, name, isConfigured, settingErrors, health, isWell: well, problems, notices }) => ({
        vendor: vendor.toUpperCase(),
        source,
        name,
        configured: isConfigured,
        well,
        mistakes: settingErrors,
        reachable: health?.isReachable ?? null,
        signedIn: health?.isSignedIn ?? null,
        read: health?.read ?? null,
        cause: health?.cause ?? null,
        clockSkewSeconds: health?.clockSkewSeconds ?? null,
        problems,
        remarks: notices,
      }),
    ),
  };
}
