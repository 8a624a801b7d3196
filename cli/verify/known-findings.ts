/** The findings that an operator has accepted, in a file: the next run reports only what is new. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isAcceptable, keyOfFinding, type Finding } from '../../datasources/conformance/finding.ts';
import { z } from 'zod';
import type { Environment } from '../../datasources/contract.ts';
import { CommandError, EXIT } from '../exit.ts';

/** Beside the store of idempotency keys, i.e. where this process may write. */
export function defaultKnownFile({ STORE_PATH: store }: Environment): string {
  return join(store ? dirname(store) : '.ticketgraph', 'verify.json');
}

const KNOWN_FILE = z.object({
  version: z.literal(1),
  /** By vendor, in capitals. */
  accepted: z.record(
    z.string(),
    z.array(z.object({ operation: z.string(), kind: z.string(), path: z.string().nullable(), found: z.string() })),
  ),
});

type KnownFile = z.infer<typeof KNOWN_FILE>;

/** By vendor, in capitals. */
export type KnownFindings = Readonly<Record<string, readonly KnownFinding[]>>;

/** The parts of a finding that identify it. */
type KnownFinding = KnownFile['accepted'][string][number];

/** Returns nothing for a missing file. @throws CommandError if it cannot be read, or is not one of ours. */
export function readKnown(file: string): KnownFindings {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return {};
    throw new CommandError(EXIT.usage, `Cannot read ${file}: ${code}.`, 'Name another file with --known.');
  }
  const known = parseKnown(text);
  if (known) return known;
  throw new CommandError(
    EXIT.usage,
    `${file} is not a file of accepted findings.`,
    'Name another file with --known, or delete it and run ticketgraph verify --accept.',
  );
}

function parseKnown(text: string): KnownFindings | undefined {
  try {
    const read = KNOWN_FILE.safeParse(JSON.parse(text));
    return read.success ? read.data.accepted : undefined;
  } catch {
    return undefined;
  }
}

export function isKnown(known: KnownFindings, vendor: string, finding: Finding): boolean {
  const key = keyOfFinding(finding);
  return (known[vendor] ?? []).some((each) => keyOfFinding(each) === key);
}

/**
 * Adds the findings that may be accepted, and keeps those that were: which tickets a run reads differs.
 *
 * @throws CommandError if the file cannot be written.
 */
export function writeKnown(
  file: string,
  known: KnownFindings,
  found: Readonly<Record<string, readonly Finding[]>>,
): void {
  const accepted: Record<string, KnownFinding[]> = {};
  for (const [vendor, findings] of Object.entries(known)) accepted[vendor] = [...findings];
  for (const [vendor, findings] of Object.entries(found)) {
    const added = findings.filter((finding) => isAcceptable(finding) && !isKnown(known, vendor, finding));
    const all = [...(known[vendor] ?? []), ...added.map(toKnown)];
    if (all.length > 0) accepted[vendor] = all.toSorted((one, other) => sortKey(one).localeCompare(sortKey(other)));
  }
  try {
    mkdirSync(dirname(file), { recursive: true });
    const content: KnownFile = { version: 1, accepted };
    writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`);
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    throw new CommandError(EXIT.usage, `Cannot write ${file}: ${code}.`, 'Name another file with --known.');
  }
}

function toKnown({ operation, kind, path, found }: Finding): KnownFinding {
  return { operation, kind, path, found };
}

function sortKey({ operation, path, kind }: KnownFinding): string {
  return `${operation} ${path ?? ''} ${kind}`;
}
