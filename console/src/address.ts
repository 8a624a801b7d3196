/** What is shown, as the page's address says it: links can be shared, and the browser's back button works. */
import { useSyncExternalStore } from 'react';
import type { StatusCategory, Vendor } from './__generated__/documents.ts';
import { VENDORS } from './__generated__/vendor-fields.ts';
import { isCategory } from './words.ts';

export interface Address {
  readonly vendors: readonly Vendor[];
  readonly categories: readonly StatusCategory[];
  readonly search: string;
  /** Id of the ticket that is open. */
  readonly ticket: string | undefined;
  /** Words of the address that name no vendor or no status. They filter nothing. */
  readonly ignored: readonly string[];
}

let read = { text: '', address: parse('') };
const listeners = new Set<() => void>();

export function useAddress(): Address {
  return useSyncExternalStore(subscribe, current);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener('popstate', listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener('popstate', listener);
  };
}

/** The same object for the same address. */
export function current(): Address {
  const text = window.location.search;
  if (read.text !== text) read = { text, address: parse(text) };
  return read.address;
}

export interface GoOptions {
  /** Without an entry of its own in the browser's history: for what is typed letter by letter. */
  readonly replace?: boolean;
}

export function go(changes: Partial<Address>, { replace = false }: GoOptions = {}): void {
  const text = print({ ...current(), ...changes });
  if (text === window.location.search) return;
  const url = `${window.location.pathname}${text}`;
  if (replace) window.history.replaceState(null, '', url);
  else window.history.pushState(null, '', url);
  for (const tell of listeners) tell();
}

/** Where a link to this view leads, for those who open it in another tab. */
export function hrefOf(changes: Partial<Address>): string {
  return `${window.location.pathname}${print({ ...current(), ...changes })}`;
}

function parse(text: string): Address {
  const parameters = new URLSearchParams(text);
  const vendorWords = parameters.getAll('vendor').map((word) => word.toUpperCase());
  const categoryWords = parameters.getAll('status').map((word) => word.toUpperCase());
  return {
    vendors: [...new Set(vendorWords.filter(isVendor))],
    categories: [...new Set(categoryWords.filter(isCategory))],
    search: parameters.get('search') ?? '',
    ticket: textOf(parameters.get('ticket')),
    ignored: [
      ...parameters.getAll('vendor').filter((word) => !isVendor(word.toUpperCase())),
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

function print({ vendors, categories, search, ticket }: Address): string {
  const parameters = new URLSearchParams();
  for (const vendor of vendors) parameters.append('vendor', vendor);
  for (const category of categories) parameters.append('status', category);
  if (search !== '') parameters.set('search', search);
  if (ticket !== undefined) parameters.set('ticket', ticket);
  return parameters.size === 0 ? '' : `?${parameters.toString()}`;
}
