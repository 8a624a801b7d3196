/**
 * `ticketgraph doctor`: checks each vendor with the settings of this environment, or through a running server. Writes
 * nothing.
 */
import { vendors } from '../../datasources/vendors.ts';
import { readServer } from '../../server/config/server-settings.ts';
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
  /** Undefined where the server's own settings are wrong. */
  readonly store: StoreDiagnosis | undefined;
  /** What is wrong with the settings of the server itself, or missing from all of them. */
  readonly server: readonly string[];
  readonly isAnyConfigured: boolean;
}

export async function doctor(options: DoctorOptions): Promise<void> {
  const { url, json = false, ...credentials } = options;
  if (url !== undefined) {
    reportRunning(url, await diagnoseRunning({ url, ...credentials }), json);
    return;
  }
  const report = await examine();
  if (report.isAnyConfigured || report.server.length > 0) {
    reportOwn(report, json);
    return;
  }
  const defaultUrl = ownUrl(process.env);
  const running = await findRunning({ url: defaultUrl, ...credentials });
  if ('diagnoses' in running) {
    note(`No vendor is configured in this environment: checking the server that runs at ${defaultUrl}.\n`);
    reportRunning(defaultUrl, running.diagnoses, json);
  } else {
    reportOwn({ ...report, isWell: false, server: [NONE_CONFIGURED, running.reason] }, json);
  }
}

/** Where a server that is started in this environment listens, or the one that the other commands ask. */
function ownUrl({ TICKETGRAPH_URL: url, PORT: port }: NodeJS.ProcessEnv): string {
  if (url && !/^https?:$/.test(URL.parse(url)?.protocol ?? '')) {
    throw new CommandError(EXIT.usage, 'TICKETGRAPH_URL is not an address.', `Set it to one, such as ${DEFAULT_URL}.`);
  }
  if (url) return url;
  return port && /^[1-9]\d*$/.test(port) ? `http://127.0.0.1:${port}/graphql` : DEFAULT_URL;
}

/** A server that was not named may be absent; its answer is then only a reason. */
async function findRunning(
  options: ServerOptions,
): Promise<{ readonly diagnoses: readonly RunningDiagnosis[] } | { readonly reason: string }> {
  try {
    return { diagnoses: await diagnoseRunning(options) };
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    const { message, nextStep = '' } = error;
    return { reason: `No running server could be checked instead: ${message} ${nextStep}`.trim() };
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

async function examine(): Promise<Report> {
  const read = readServer(process.env, vendors);
  const server = 'settings' in read ? { ...read, errors: [] } : { ...read, settings: undefined };
  const maximumBytes = server.settings?.MAX_UPSTREAM_BYTES ?? 2_000_000;
  const [diagnoses, store] = await Promise.all([
    Promise.all(vendors.map((vendor) => diagnose(vendor, process.env, maximumBytes))),
    server.settings && diagnoseStore(server.settings.REDIS_URL, server.settings.STORE_PATH),
  ]);
  const { errors } = server;
  const isAnyConfigured = diagnoses.some(({ isConfigured }) => isConfigured);
  const isWell = errors.length === 0 && !store?.problem && diagnoses.every((diagnosis) => diagnosis.isWell);
  return { isWell, vendors: diagnoses, store, server: errors, isAnyConfigured };
}

const NONE_CONFIGURED =
  'No vendor is configured: set the variables of at least one, beginning with its address ' +
  `(${vendors.map(({ key }) => `${key.toUpperCase()}_URL`).join(', ')}).`;

function printRunning(isWell: boolean, diagnoses: readonly RunningDiagnosis[]): void {
  printTable(['VENDOR', 'SETTINGS', 'REACHABLE', 'SIGN-IN', 'READ'], diagnoses.map(runningToRow));
  const problems = diagnoses.flatMap((one) => one.problems);
  if (problems.length > 0) print('');
  for (const problem of problems) print(`${paint('red', 'error:')} ${problem}`);
  if (isWell) note('All that is configured is well.');
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
    isSignedIn === undefined || isSignedIn === null ? null : isSignedIn ? 'works' : ['refused', 'red'],
    read === 'failed' ? ['failed', 'red'] : read === 'not-tried' ? null : 'works',
  ];
}

/** The same shape as that of `toJson`; null for what only the settings could tell. */
function runningToJson(url: string, isWell: boolean, diagnoses: readonly RunningDiagnosis[]): unknown {
  return {
    well: isWell,
    url,
    server: [],
    store: null,
    vendors: diagnoses.map(({ vendor, name, isConfigured, isWell: well, isReachable, isSignedIn, read, problems }) => ({
      vendor,
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
    })),
  };
}

function printReport({ isWell, vendors: diagnoses, store, server }: Report): void {
  printTable(['VENDOR', 'SETTINGS', 'REACHABLE', 'SIGN-IN', 'READ', 'CLOCK'], diagnoses.map(toRow));
  if (store) print(`\nStore of idempotency keys (${store.variable}): ${store.problem ? 'not usable' : 'usable'}`);
  const problems = [...server, ...diagnoses.flatMap((one) => one.problems), ...(store?.problem ? [store.problem] : [])];
  const remarks = [...diagnoses.flatMap((one) => one.remarks), ...warnUnsharedStore(process.env)];
  if (problems.length + remarks.length > 0) print('');
  for (const problem of problems) print(`${paint('red', 'error:')} ${problem}`);
  for (const remark of remarks) print(`${paint('yellow', 'note:')} ${remark}`);
  if (isWell) note('All that is configured is well.');
}

function toRow({ name, isConfigured, mistakes, examination }: Diagnosis): Cell[] {
  if (!isConfigured) return [name, 'off', null, null, null, null];
  if (!examination) return [name, [`${mistakes.length} wrong`, 'red'], null, null, null, null];
  const { isReachable, isSignedIn, read, clockSkewSeconds: skew } = examination;
  return [
    name,
    'complete',
    ...toCells(isReachable, isSignedIn, read),
    skew === undefined ? null : `${skew < 0 ? '' : '+'}${skew} s`,
  ];
}

function toJson({ isWell, vendors: diagnoses, store, server }: Report): unknown {
  return {
    well: isWell,
    url: null,
    server,
    store: store && { variable: store.variable, problem: store.problem ?? null },
    remarks: warnUnsharedStore(process.env),
    vendors: diagnoses.map(
      ({ vendor, name, isConfigured, mistakes, examination, isWell: well, problems, remarks }) => ({
        vendor: vendor.toUpperCase(),
        name,
        configured: isConfigured,
        well,
        mistakes,
        reachable: examination?.isReachable ?? null,
        signedIn: examination?.isSignedIn ?? null,
        read: examination?.read ?? null,
        cause: examination?.cause ?? null,
        clockSkewSeconds: examination?.clockSkewSeconds ?? null,
        problems,
        remarks,
      }),
    ),
  };
}
