/** What concurrent writes store together, over a ledger that takes its time. */
import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { ItemChange, Job } from '../../../datasources/bulk/job.ts';
import { createWaves, type WaveLedger } from '../../../datasources/bulk/waves.ts';

const changeOf = (position: number): ItemChange => ({
  position,
  from: 'SENT',
  to: 'APPLIED',
  failure: null,
  isReconciled: false,
  attempts: 0,
  dueAt: 0,
});

/** As the ledgers do, it ignores what is recorded already. */
function createSlowLedger() {
  const recorded: number[] = [];
  const marked: number[] = [];
  const ledger: WaveLedger = {
    async record(_job, _owner, changes) {
      await turn();
      const fresh = changes.map(({ position }) => position).filter((position) => !recorded.includes(position));
      recorded.push(...fresh);
      return new Set(fresh);
    },
    async markSent(_job, _owner, positions) {
      await turn();
      if (positions.includes(40)) throw Object.assign(new Error('disk full'), { errcode: 13 });
      marked.push(...positions);
      return true;
    },
  };
  return { ledger, recorded, marked };
}

const open = (ledger: WaveLedger, onRecorded: (changes: readonly ItemChange[]) => void = () => undefined) =>
  createWaves(ledger, {} as Job, 'owner', () => false, onRecorded);

test('every outcome is stored once, although more arrive while others are being stored', async () => {
  const { ledger, recorded } = createSlowLedger();
  const told: number[] = [];
  const waves = open(ledger, (changes) => told.push(...changes.map(({ position }) => position)));
  for (let position = 0; position < 200; position += 1) {
    waves.record(changeOf(position));
    if (position % 7 === 0) await turn();
  }
  await waves.flush();
  const all = Array.from({ length: 200 }, (_, position) => position);
  expect(recorded).toEqual(all);
  expect(told).toEqual(all);
});

test('of tickets that cannot all be marked, those that are marked are named, so that they are put back', async () => {
  const { ledger, marked } = createSlowLedger();
  const positions = Array.from({ length: 64 }, (_, position) => position);
  const named: number[] = [];
  const marking = open(ledger).mark(positions, (some) => named.push(...some));
  await expect(marking).rejects.toThrow('disk full');
  expect(marked).toEqual(positions.slice(0, 32));
  expect(named).toEqual(marked);
});
