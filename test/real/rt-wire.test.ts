/** RECORD=1 npm run test:real writes what the running RT answers. */
import { expect, test } from 'vitest';
import { readRecorded, writeRecorded } from './rt-recorded.ts';
import { runWire } from './rt-wire.ts';
import { openRealRt } from './rt-world.ts';

test('the real RT answers as recorded', async () => {
  const world = await openRealRt();
  const answers = await runWire(world);
  const { body } = await world.send('gateway', 'GET', '/rt');
  const version = String(body.Version);
  if (process.env['RECORD'] === '1') writeRecorded({ version, answers });
  const recorded = readRecorded();
  expect(answers, `RT ${version}, recorded from ${recorded.version}`).toEqual(recorded.answers);
});
