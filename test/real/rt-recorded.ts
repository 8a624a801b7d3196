/** The answers of the real RT to `rt-wire.ts`, kept in the repository. */
import { readFileSync, writeFileSync } from 'node:fs';
import type { WireAnswer } from './rt-wire.ts';

export interface Recorded {
  /** Version of the RT that answered. */
  readonly version: string;
  readonly answers: readonly WireAnswer[];
}

const FILE = new URL('exchanges/rt.json', import.meta.url);

export function readRecorded(): Recorded {
  return JSON.parse(readFileSync(FILE, 'utf8')) as Recorded;
}

/** Writes one line an answer, so that a difference between versions of RT is one line in a diff. */
export function writeRecorded({ version, answers }: Recorded): void {
  const lines = answers.map((answer) => JSON.stringify(answer));
  writeFileSync(FILE, `{\n"version": ${JSON.stringify(version)},\n"answers": [\n${lines.join(',\n')}\n]\n}\n`);
}
