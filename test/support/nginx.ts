/** Starts nginx, if installed, on free ports with a temporary folder. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { findFreePort } from './free-port.ts';

const PATH = `${process.env['PATH'] ?? ''}:/usr/sbin`;

/** Why tests that need nginx are skipped. `undefined` if it is installed. */
export const whyNoNginx: string | undefined =
  spawnSync('nginx', ['-v'], { env: { PATH } }).status === 0 ? undefined : 'nginx is not installed here';

export interface RunningNginx {
  /** By HTTP/1.1. */
  readonly url: string;
  /** By HTTP/2 without TLS. */
  readonly http2Url: string;
}

/** Stopped after the test. @param locations `location` blocks */
export async function startNginx(locations: string): Promise<RunningNginx> {
  const folder = mkdtempSync(join(tmpdir(), 'ticketgraph-nginx-'));
  const [port, http2Port] = [await findFreePort(), await findFreePort()];
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${join(folder, name)};`)
    .join(' ');
  const file = join(folder, 'nginx.conf');
  writeFileSync(
    file,
    `daemon off; master_process off; pid ${join(folder, 'pid')}; error_log stderr error;
    events { worker_connections 512; }
    http {
      access_log off; ${temporary}
      server { listen 127.0.0.1:${port}; ${locations} }
      server { listen 127.0.0.1:${http2Port} http2; ${locations} }
    }`,
  );
  const child = spawn('nginx', ['-p', folder, '-c', file, '-e', 'stderr'], { env: { PATH }, stdio: 'pipe' });
  let log = '';
  child.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()));
  const killOnExit = (): boolean => child.kill('SIGKILL');
  process.once('exit', killOnExit);
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  onTestFinished(async () => {
    process.off('exit', killOnExit);
    child.kill('SIGKILL');
    await gone;
    rmSync(folder, { recursive: true, force: true });
  });
  for (const one of [port, http2Port]) await Promise.race([untilOpen(one), failWhen(gone, () => log)]);
  return { url: `http://127.0.0.1:${port}/graphql`, http2Url: `http://127.0.0.1:${http2Port}` };
}

async function failWhen(gone: Promise<void>, log: () => string): Promise<never> {
  await gone;
  throw new Error(`nginx has exited:\n${log()}`);
}

/** Resolves when something listens on the port. */
function untilOpen(port: number): Promise<void> {
  return new Promise((resolve) => {
    const attempt = (): void => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.destroy();
        resolve();
      });
      socket.on('error', () => setTimeout(attempt, 20));
    };
    attempt();
  });
}
