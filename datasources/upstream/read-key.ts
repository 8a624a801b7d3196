/** The key under which a read is shared and cached. */
import type { UpstreamRequest } from '../contract.ts';
import { toTarget } from '../vendor-kit/request.ts';

/** @param callerKey whose credentials the read is sent with; empty for the service's own */
export function keyOfRead(request: UpstreamRequest, callerKey: string): string {
  return `${toTarget(request)} ${idOfHeaders(request.headers)} ${callerKey}`;
}

const MAX_IDS = 1_000;

/** Numbers instead of the headers' text, which would be part of each key. */
const idsByText = new Map<string, string>();

/** Vendors use the same object for most reads, so that its id is looked up once. */
const idsByObject = new WeakMap<object, string>();

/** The same for headers with the same content. */
function idOfHeaders(headers: UpstreamRequest['headers']): string {
  const known = idsByObject.get(headers);
  if (known !== undefined) return known;
  const text = JSON.stringify(headers);
  const id = idsByText.get(text) ?? (idsByText.size < MAX_IDS ? String(idsByText.size) : text);
  if (id !== text) idsByText.set(text, id);
  idsByObject.set(headers, id);
  return id;
}
