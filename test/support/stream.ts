/** Reads streams of events as a client does, byte by byte. */
import { get, request as send, type IncomingMessage } from 'node:http';
import { expect, onTestFinished } from 'vitest';
import { until } from './until.ts';

export const SSE = 'text/event-stream';

export interface StreamEvent {
  readonly data?: { readonly ticketChanged: Record<string, unknown> } | null;
  readonly errors?: readonly { readonly message: string; readonly extensions: Record<string, unknown> }[];
}

/** A response that is read as it arrives. */
export class Reading {
  readonly response: IncomingMessage;
  text = '';
  isOver = false;

  constructor(response: IncomingMessage) {
    this.response = response;
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => (this.text += chunk));
    response.on('error', () => undefined);
    response.on('close', () => (this.isOver = true));
  }

  /** Of Server-Sent Events. */
  get events(): readonly StreamEvent[] {
    return [...this.text.matchAll(/^data: (\{.*\})$/gm)].map(([, json]) => JSON.parse(json!) as StreamEvent);
  }

  until(check: (text: string) => boolean): Promise<void> {
    return until(() => expect(check(this.text), this.text).toBe(true));
  }

  ended(): Promise<void> {
    return until(() => expect(this.isOver).toBe(true));
  }
}

export interface StreamRequest {
  readonly accept?: string | undefined;
  readonly body: object;
  readonly headers?: Readonly<Record<string, string>>;
}

export function openStream(url: string, { accept, body, headers }: StreamRequest): Promise<Reading> {
  return new Promise((resolve, reject) => {
    const request = send(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(accept !== undefined && { accept }), ...headers },
    });
    request.on('response', (response) => resolve(new Reading(response)));
    request.on('error', reject);
    request.end(JSON.stringify(body));
    onTestFinished(() => void request.destroy());
  });
}

export function openStreamByGet(
  url: string,
  search: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
): Promise<Reading> {
  return new Promise((resolve, reject) => {
    const target = new URL(`?${new URLSearchParams(search).toString()}`, url);
    const request = get(target, { headers: { accept: SSE, ...headers } }, (response) => resolve(new Reading(response)));
    request.on('error', reject);
    onTestFinished(() => void request.destroy());
  });
}
