import { expect, onTestFinished, test } from 'vitest';
import { readRecorded } from '../real/rt-recorded.ts';
import { runWire } from '../real/rt-wire.ts';
import { openSandboxRt } from '../real/rt-world.ts';

test('the simulated RT answers as recorded from the real one', async () => {
  const world = await openSandboxRt();
  onTestFinished(() => world.close());
  expect(await runWire(world)).toEqual(readRecorded().answers);
});
