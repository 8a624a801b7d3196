/** `ticketgraph doctor`: asks each vendor whether it can be worked with. Needs no server, and writes nothing. */
import { vendors } from '../../datasources/vendors.ts';
import { readServer } from '../../settings.ts';
import { diagnose, type Diagnosis } from '../doctor/diagnosis.ts';
import { diagnoseStore, type StoreDiagnosis } from '../doctor/store.ts';
import { EXIT } from '../exit.ts';
import { note, paint, print, printJson, printTable, type Cell } from '../output.ts';

export interface DoctorOptions {
  readonly json?: boolean;
}

interface Report {
  readonly isWell: boolean;
  readonly vendors: readonly Diagnosis[];
  /** Undefined where the server's own settings are wrong. */
  readonly store: StoreDiagnosis | undefined;
  /** What is wrong with the settings of the server itself, or missing from all of them. */
  readonly server: readonly string[];
}

export async function doctor(options: DoctorOptions): Promise<void> {
  const report = await examine();
  if (options.json) printJson(toJson(report));
  else printReport(report);
  process.exitCode = report.isWell ? EXIT.done : EXIT.notDone;
}

async function examine(): Promise<Report> {
  const read = readServer(process.env, vendors);
  const server = 'settings' in read ? { ...read, sentences: [] } : { ...read, settings: undefined };
  const maximumBytes = server.settings?.MAX_UPSTREAM_BYTES ?? 2_000_000;
  const [diagnoses, store] = await Promise.all([
    Promise.all(vendors.map((vendor) => diagnose(vendor, process.env, maximumBytes))),
    server.settings && diagnoseStore(server.settings.REDIS_URL, server.settings.STORE_PATH),
  ]);
  const sentences = [...server.sentences];
  if (!diagnoses.some(({ isConfigured }) => isConfigured)) sentences.push(NONE_CONFIGURED);
  const isWell = sentences.length === 0 && !store?.problem && diagnoses.every((diagnosis) => diagnosis.isWell);
  return { isWell, vendors: diagnoses, store, server: sentences };
}

const NONE_CONFIGURED =
  'No vendor is configured: set the variables of at least one, beginning with its address ' +
  `(${vendors.map(({ key }) => `${key.toUpperCase()}_URL`).join(', ')}).`;

function printReport({ isWell, vendors: diagnoses, store, server }: Report): void {
  printTable(['VENDOR', 'SETTINGS', 'REACHABLE', 'SIGN-IN', 'READ', 'CLOCK'], diagnoses.map(toRow));
  if (store) print(`\nStore of idempotency keys (${store.variable}): ${store.problem ? 'not usable' : 'usable'}`);
  const problems = [...server, ...diagnoses.flatMap((one) => one.problems), ...(store?.problem ? [store.problem] : [])];
  const remarks = diagnoses.flatMap((one) => one.remarks);
  if (problems.length + remarks.length > 0) print('');
  for (const problem of problems) print(`${paint('red', 'error:')} ${problem}`);
  for (const remark of remarks) print(`${paint('yellow', 'note:')} ${remark}`);
  if (isWell) note('All that is configured is well.');
}

function toRow({ name, isConfigured, mistakes, examination }: Diagnosis): Cell[] {
  if (!isConfigured) return [name, 'off', null, null, null, null];
  if (!examination) return [name, [`${mistakes.length} wrong`, 'red'], null, null, null, null];
  const { isReachable, isSignedIn, read, clockSkewSeconds: skew } = examination;
  const readCell: Cell = read === 'failed' ? ['failed', 'red'] : read === 'not-tried' ? null : 'works';
  return [
    name,
    'complete',
    isReachable === undefined ? null : isReachable ? 'yes' : ['no', 'red'],
    isSignedIn === undefined ? null : isSignedIn ? 'works' : ['refused', 'red'],
    readCell,
    skew === undefined ? null : `${skew < 0 ? '' : '+'}${skew} s`,
  ];
}

function toJson({ isWell, vendors: diagnoses, store, server }: Report): unknown {
  return {
    well: isWell,
    server,
    store: store && { variable: store.variable, problem: store.problem ?? null },
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
