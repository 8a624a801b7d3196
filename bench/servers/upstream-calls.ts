/** Upstream calls of `limit` and mercurius: a minimal undici Pool per vendor. */
import { Pool } from 'undici';
import { VENDORS, type VendorKey } from '../tickets.ts';
import { CLOSE, UPSTREAM_URL, accessOf, listPath, ACCESS, type OmnideskList, type Ticket } from './vendors.ts';

/** The default of ticketgraph. */
const CONNECTIONS = 32;

const pools = Object.fromEntries(
  VENDORS.map((key) => [key, new Pool(UPSTREAM_URL, { connections: CONNECTIONS, pipelining: 1 })]),
) as Record<VendorKey, Pool>;

export class VendorError extends Error {}

export async function readTicket(id: string): Promise<Ticket> {
  const { key, nativeId, access } = accessOf(id);
  const answer = await pools[key].request({ method: 'GET', path: access.path(nativeId), headers: access.headers });
  const text = await answer.body.text();
  if (answer.statusCode !== 200) throw new VendorError(`${key} answered ${answer.statusCode}`);
  return access.toTicket(JSON.parse(text) as never);
}

export async function readList(first: number, search: string): Promise<OmnideskList> {
  const { headers } = ACCESS.omnidesk;
  const answer = await pools.omnidesk.request({ method: 'GET', path: listPath(first, search), headers });
  return JSON.parse(await answer.body.text()) as OmnideskList;
}

/** @throws VendorError if the vendor rejects the write. */
export async function closeCase(id: string): Promise<void> {
  const { path, headers, body } = CLOSE;
  const answer = await pools.huawei.request({ method: 'POST', path: path(accessOf(id).nativeId), headers, body });
  await answer.body.dump();
  if (answer.statusCode !== 200) throw new VendorError(`huawei answered ${answer.statusCode}`);
}
