/**
 * Chooses the proxy for an address: `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`, in upper or lower case, unless the vendor
 * has its own setting.
 *
 * Loopback addresses use no proxy, since the sandbox listens there. A vendor's own setting applies to them as well.
 */
import { BlockList, isIP } from 'node:net';
import type { Environment, Setting } from '../../contract.ts';

/** The proxy for a URL. */
export interface ChosenProxy {
  /** Its address, with its credentials. */
  readonly address: string;
  /** Whether it is the source's own setting, rather than that of the environment. */
  readonly isOwn: boolean;
}

/** Returns the proxy for a URL, or `undefined` to connect directly. */
export type ProxyChoice = (url: string) => ChosenProxy | undefined;

const EXPECTED = 'the http or https address of a proxy, such as http://proxy.example.com:3128';

/** Reads `HTTPS_PROXY` or `HTTP_PROXY`. */
export function proxyAddress(name: string): Setting<string | undefined> {
  return {
    expected: `${EXPECTED}, or unset`,
    read(_, environment) {
      const text = readVariable(environment, name);
      if (text === undefined) return { value: undefined };
      const value = parseProxy(text);
      return value === undefined ? undefined : { value };
    },
  };
}

/** Reads a vendor's own proxy setting. */
export function proxyOfVendor(): Setting<ProxyChoice> {
  return {
    expected: `${EXPECTED}, none to connect directly, or unset to use HTTPS_PROXY, HTTP_PROXY and NO_PROXY`,
    read(text, environment) {
      if (!text) return { value: (url) => toChoice(proxyOf(url, environment), false) };
      // `off` is the earlier spelling.
      if (text === 'none' || text === 'off') return { value: () => undefined };
      const chosen = toChoice(parseProxy(text), true);
      return chosen && { value: () => chosen };
    },
  };
}

function toChoice(address: string | undefined, isOwn: boolean): ChosenProxy | undefined {
  return address === undefined ? undefined : { address, isOwn };
}

/** What is sent to a proxy as its credentials; `undefined` without any. https://www.rfc-editor.org/rfc/rfc7617#section-2 */
export function credentialOfProxy(address: string): string | undefined {
  const { username, password } = new URL(address);
  if (username === '' && password === '') return undefined;
  const text = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return `Basic ${Buffer.from(text).toString('base64')}`;
}

/** Host and port of a proxy, without its credentials. */
export function hostOfProxy(address: string): string {
  const { hostname, port, protocol } = new URL(address);
  return `${hostname}:${port || DEFAULT_PORTS[protocol]}`;
}

/** The environment's proxy for a URL. */
export function proxyOf(url: string, environment: Environment): string | undefined {
  const { protocol, hostname, port } = new URL(url);
  const proxy = parseProxy(readVariable(environment, protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY') ?? '');
  if (proxy === undefined) return undefined;
  const host = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  const isDirect = isLoopbackHost(host) || isExcepted(host, port || DEFAULT_PORTS[protocol]!, environment);
  return isDirect ? undefined : proxy;
}

const DEFAULT_PORTS: Readonly<Record<string, string>> = { 'https:': '443', 'http:': '80' };

/** Lower case takes precedence, as in curl. An empty variable counts as unset. */
function readVariable(environment: Environment, name: string): string | undefined {
  return [environment[name.toLowerCase()], environment[name]].find((text) => text !== undefined && text !== '');
}

function parseProxy(text: string): string | undefined {
  // `proxy:3128` alone would parse as a URL with the scheme `proxy`.
  const address = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  if (text === '' || !URL.canParse(address)) return undefined;
  const url = new URL(address);
  const isHttp = url.protocol === 'http:' || url.protocol === 'https:';
  return isHttp && url.hostname !== '' && isDecodable(url.username + url.password) ? url.href : undefined;
}

/** Client libraries decode the credentials, and quote them in the error if they cannot. */
function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

function isLoopbackHost(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

/** `NO_PROXY` lists host names with their subdomains, addresses or address ranges, with an optional port, or `*`. */
function isExcepted(host: string, port: string, environment: Environment): boolean {
  const entries = (readVariable(environment, 'NO_PROXY') ?? '').toLowerCase().split(/[\s,]+/);
  return entries.some((entry) => entry !== '' && matches(entry, host, port));
}

function matches(entry: string, host: string, port: string): boolean {
  if (entry.includes('/')) return isInRange(host, entry);
  const [, inBrackets, name = entry, entryPort] = /^(?:\[(.+)\]|([^:]+))(?::(\d+))?$/.exec(entry) ?? [];
  if (entryPort !== undefined && entryPort !== port) return false;
  const wanted = (inBrackets ?? name).replace(/^\*(?=.)/, '').replace(/\.$/, '');
  if (wanted === '*') return true;
  return wanted.startsWith('.')
    ? host.endsWith(wanted) || host === wanted.slice(1)
    : host === wanted || host.endsWith(`.${wanted}`);
}

function isInRange(host: string, range: string): boolean {
  const [address = '', prefix = ''] = range.split('/');
  const [family, ofHost] = [isIP(address), isIP(host)];
  if (family === 0 || family !== ofHost || !/^\d{1,3}$/.test(prefix)) return false;
  if (Number(prefix) > (family === 6 ? 128 : 32)) return false;
  const list = new BlockList();
  const type = family === 6 ? 'ipv6' : 'ipv4';
  list.addSubnet(address, Number(prefix), type);
  return list.check(host, type);
}
