/** A request to `/graphql` that has passed the header checks, and its state while it is answered. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Caller } from '../../datasources/index.ts';
import type { RequestRecord } from '../telemetry/index.ts';

/** An authenticated request. */
export interface IncomingRequest {
  readonly caller: Caller;
  readonly headers: IncomingHttpHeaders;
  readonly record: RequestRecord;
}

export interface OpenRequest<Context> {
  readonly context: Context;
  /** Called after the response, or when the client disconnects. */
  dispose(): void;
}
