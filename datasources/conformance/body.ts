/** Parses the body of an answer for its shape, whatever vendor it is from. */
import { XMLParser } from 'fast-xml-parser';
import type { UpstreamAnswer } from '../contract.ts';

export interface Body {
  readonly value: unknown;
  /** XML has no types but text. */
  readonly isXml: boolean;
}

/** Returns the JSON or XML of an answer; `undefined` if it is neither, or empty. */
export function parseShapedBody({ text }: Pick<UpstreamAnswer, 'text'>): Body | undefined {
  // `trim` also removes a byte order mark.
  const body = text.trim();
  if (body === '') return undefined;
  const value = body.startsWith('<') ? parseXml(body) : parsePlainJson(body);
  return value === undefined ? undefined : { value, isXml: body.startsWith('<') };
}

/** Unlike `vendor-kit/json.ts`, an integer of any size is a number: only its type is of interest. */
function parsePlainJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

const xml = new XMLParser({
  ignoreAttributes: true,
  ignoreDeclaration: true,
  ignorePiTags: true,
  removeNSPrefix: true,
  parseTagValue: false,
  processEntities: false,
});

/** The content of the root element. A page of HTML, and a document with declarations, is not data. */
function parseXml(text: string): unknown {
  if (/<!DOCTYPE|<!ENTITY|<html/i.test(text)) return undefined;
  try {
    const [root] = Object.values(xml.parse(text) as Readonly<Record<string, unknown>>);
    return root;
  } catch {
    return undefined;
  }
}
