/** View state in the page's URL, so that links can be shared and the back button works. */
import { useSyncExternalStore } from 'react';
import type { StatusCategory, Vendor } from './__generated__/documents.ts';
import { VENDORS } from './__generated__/vendor-fields.ts';
import { isCategory } from './labels.ts';
import { createListeners } from './listeners.ts';

export interface Address {
  readonly vendors: readonly Vendor[];
  /** Ids of sources. The view is of those that `vendors` names as well, if there are any. */
  readonly sources: readonly string[];
  readonly categories: readonly StatusCategory[];
  readonly search: string;
  /** Id of the open ticket. */
  readonly ticket: string | undefined;
  /** Id of the bulk job that is shown, `''` for the list of them. A ticket is shown in front of both. */
  readonly jobs: string | undefined;
  /** Values in the URL that are not a vendor, source or status. They do not filter. */
  readonly ignoredWords: readonly string[];
}

/** Identifies the filter, which opening a ticket does not change. */
export function filterKeyOf({ vendors, sources, categories, search }: Address): string {
  return JSON.stringify([vendors, sources, categories, search]);
}

let lastParsed = { text: '', address: parse('') };
const listeners = createListeners();

export function useAddress(): Address {
  return useSyncExternalStore(subscribe, current);
}

function subscribe(listener: () => void): () => void {
  const unsubscribe = listeners.subscribe(listener);
  window.addEventListener('popstate', listener);
  return () => {
    unsubscribe();
    window.removeEventListener('popstate', listener);
  };
}

/** Returns the same object until the URL changes. */
export function current(): Address {
  const text = window.location.search;
  if (lastParsed.text !== text) lastParsed = { text, address: parse(text) };
  return lastParsed.address;
}

export interface NavigateOptions {
  /** Replaces the history entry, e.g. while the user is typing. Defaults to false. */
  readonly replace?: boolean;
}

export function navigate(changes: Partial<Address>, { replace = false }: NavigateOptions = {}): void {
  const text = print({ ...current(), ...changes });
  if (text === window.location.search) return;
  const url = `${window.location.pathname}${text}`;
  if (replace) window.history.replaceState(null, '', url);
  else window.history.pushState(null, '', url);
  listeners.notify();
}

/** The `href` of a link to this view, so that it can be opened in another tab. */
export function hrefOf(changes: Partial<Address>): string {
  return `${window.location.pathname}${print({ ...current(), ...changes })}`;
}

function parse(text: string): Address {
  const parameters = new URLSearchParams(text);
  const vendorWords = parameters.getAll('vendor').map((word) => word.toUpperCase());
  const sourceWords = parameters.getAll('source').map((word) => word.toLowerCase());
  const categoryWords = parameters.getAll('status').map((word) => word.toUpperCase());
  return {
    vendors: [...new Set(vendorWords.filter(isVendor))],
    sources: [...new Set(sourceWords.filter(isSourceId))],
    categories: [...new Set(categoryWords.filter(isCategory))],
    search: parameters.get('search') ?? '',
    ticket: textOf(parameters.get('ticket')),
    jobs: parameters.get('jobs')?.trim(),
    ignoredWords: [
      ...parameters.getAll('vendor').filter((word) => !isVendor(word.toUpperCase())),
      ...parameters.getAll('source').filter((word) => !isSourceId(word.toLowerCase())),
      ...parameters.getAll('status').filter((word) => !isCategory(word.toUpperCase())),
    ],
  };
}

function textOf(value: string | null): string | undefined {
  const text = value?.trim() ?? '';
  return text === '' ? undefined : text;
}

function isVendor(word: string): word is Vendor {
  return (VENDORS as readonly string[]).includes(word);
}

/** Whether it has the form of one: a vendor, or a vendor, `@` and a name. The endpoint knows which there are. */
function isSourceId(word: string): boolean {
  const [vendor = '', name, ...more] = word.split('@');
  const isName = name === undefined || /^[a-z][a-z0-9-]{0,30}$/.test(name);
  return isVendor(vendor.toUpperCase()) && isName && more.length === 0;
}

function print({ vendors, sources, categories, search, ticket, jobs }: Address): string {
  const parameters = new URLSearchParams();
  for (const vendor of vendors) parameters.append('vendor', vendor);
  for (const source of sources) parameters.append('source', source);
  for (const category of categories) parameters.append('status', category);
  if (search !== '') parameters.set('search', search);
  if (jobs !== undefined) parameters.set('jobs', jobs);
  if (ticket !== undefined) parameters.set('ticket', ticket);
  return parameters.size === 0 ? '' : `?${parameters.toString()}`;
}
