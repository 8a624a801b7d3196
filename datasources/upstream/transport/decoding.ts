/**
 * Turns the bytes of an answer into text: content codings, charset and byte order mark. The only place that does.
 *
 * Most answers are UTF-8 without a coding; for these it costs two header lookups and a map lookup.
 */
import { TextDecoder } from 'node:util';
import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync, zstdDecompressSync } from 'node:zlib';
import type { UpstreamAnswer } from '../../contract.ts';
import { TransportError } from './transport.ts';

/**
 * The body as text. No bytes are an empty text, whatever the headers declare.
 *
 * @param maximumBytes the most bytes before and after each coding, so that a small answer cannot unfold into a large one
 * @throws TransportError `oversized`, or `garbled` if a coding does not fit the bytes.
 */
export function decodeBody(bytes: Buffer, headers: UpstreamAnswer['headers'], maximumBytes: number): string {
  if (bytes.length === 0) return '';
  const coding = headers['content-encoding'];
  if (coding === undefined || coding === '') return toText(bytes, headers['content-type']);
  const contentType = headers['content-type'];
  const { codings, isUnknown } = parseCodings(coding);
  const decoded = codings.reduceRight((rest, name) => decompress(rest, name, maximumBytes, contentType), bytes);
  const text = toText(decoded, contentType);
  // An unknown name is common over plain text (`utf-8`, `none`); compressed bytes would become nonsense.
  if (isUnknown && NOT_TEXT.test(text)) throw new TransportError('garbled', true);
  return text;
}

// ---------------------------------------------------------------- content codings

type Decompress = (bytes: Buffer, options: { maxOutputLength: number }) => Buffer;

/** https://www.iana.org/assignments/http-parameters/http-parameters.xhtml#content-coding */
const DECOMPRESS: ReadonlyMap<string, Decompress> = new Map<string, Decompress>([
  ['gzip', gunzipSync],
  ['x-gzip', gunzipSync],
  ['deflate', inflateEither],
  ['br', brotliDecompressSync],
  ['zstd', zstdDecompressSync],
]);

/** What the bytes of a coding begin with, where it always is the same. */
const BEGINNINGS: ReadonlyMap<string, Buffer> = new Map([
  ['gzip', Buffer.from([0x1f, 0x8b])],
  ['x-gzip', Buffer.from([0x1f, 0x8b])],
  ['zstd', Buffer.from([0x28, 0xb5, 0x2f, 0xfd])],
]);

/** More codings than anybody applies; each one decompresses up to the cap. */
const MAX_CODINGS = 4;

/** Control characters that no text has, and what replaces bytes that the charset does not have. */
const NOT_TEXT = /[\u0000-\u0008\u000e-\u001a\u001c-\u001f\ufffd]/;

/** The known codings in the order in which they were applied. Letter case does not matter: RFC 9110 section 8.4.1. */
function parseCodings(header: string | readonly string[]): { codings: readonly string[]; isUnknown: boolean } {
  const names = String(header)
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '' && name !== 'identity');
  const codings = names.filter((name) => DECOMPRESS.has(name));
  if (codings.length > MAX_CODINGS) throw new TransportError('garbled', true);
  return { codings, isUnknown: codings.length < names.length };
}

type ContentType = UpstreamAnswer['headers'][string];

/** Text is left as it is: some proxies decompress a body and leave the header. */
function decompress(bytes: Buffer, coding: string, maximumBytes: number, contentType: ContentType): Buffer {
  try {
    return DECOMPRESS.get(coding)!(bytes, { maxOutputLength: maximumBytes });
  } catch (error) {
    if (isTooLarge(error)) throw new TransportError('oversized', true);
    const beginning = BEGINNINGS.get(coding);
    const isCut = beginning !== undefined && bytes.subarray(0, beginning.length).equals(beginning);
    const isText = !isCut && !bytes.includes(0) && !NOT_TEXT.test(toText(bytes, contentType));
    if (!isText) throw new TransportError('garbled', true);
    return bytes;
  }
}

/** With the zlib header, as specified, or without it, as some servers send it: RFC 9110 section 8.4.1.2. */
function inflateEither(bytes: Buffer, options: { maxOutputLength: number }): Buffer {
  try {
    return inflateSync(bytes, options);
  } catch (error) {
    if (isTooLarge(error)) throw error;
    return inflateRawSync(bytes, options);
  }
}

function isTooLarge(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
}

// ---------------------------------------------------------------- charsets

/** UTF-8 is the same for these characters, and what software sends that goes beyond them. */
const IS_ASCII = /^(?:us-)?ascii$/;

/** A byte order mark wins over what is declared: https://encoding.spec.whatwg.org/#decode */
function toText(bytes: Buffer, contentType: ContentType): string {
  const [first, second] = bytes;
  if (first === 0xef && second === 0xbb && bytes[2] === 0xbf) return bytes.toString('utf8', 3);
  if (first === 0xff && second === 0xfe) return decoderOf('utf-16le')!.decode(bytes);
  if (first === 0xfe && second === 0xff) return decoderOf('utf-16be')!.decode(bytes);
  const declared = contentType === undefined ? '' : charsetOf(String(contentType));
  const charset = declared === '' ? recognise(bytes) : declared;
  const decoder = charset === 'utf-8' || IS_ASCII.test(charset) ? undefined : decoderOf(charset);
  return decoder ? decoder.decode(bytes) : bytes.toString('utf8');
}

/** The charset that the bytes themselves show: XML names it in its first line, and ASCII in UTF-16 has zeros. */
function recognise(bytes: Buffer): string {
  const [first, second] = bytes;
  if (first === 0 && second) return 'utf-16be';
  if (first && second === 0) return 'utf-16le';
  // The `<` of `<?xml`; JSON never begins with it.
  if (first !== 0x3c || second !== 0x3f) return 'utf-8';
  const [, declaration = ''] =
    /^<\?xml\s([^>]*)\?>/.exec(bytes.subarray(0, MAX_DECLARATION_LENGTH).toString('latin1')) ?? [];
  const [, name = ''] = /\sencoding\s*=\s*["']([\w.:-]+)["']/.exec(` ${declaration}`) ?? [];
  const label = name.toLowerCase();
  // A line that could be read byte by byte is not in UTF-16, whatever it says; .NET writes such lines.
  return name === '' || decoderOf(label)?.encoding.startsWith('utf-16') ? 'utf-8' : label;
}

/** Bytes in which the XML declaration has to end. */
const MAX_DECLARATION_LENGTH = 256;

/** Charsets by the header's whole text: a vendor sends few different ones. */
const charsets = new Map<string, string>();
const MAX_CHARSETS = 200;
const MAX_HEADER_LENGTH = 200;

/** The declared charset in lower case; empty if none is. The first one counts. */
function charsetOf(contentType: string): string {
  let charset = charsets.get(contentType);
  if (charset === undefined) {
    const found = /;\s*charset\s*=\s*["']?([\w.:-]+)/i.exec(contentType.slice(0, MAX_HEADER_LENGTH));
    charset = found?.[1]?.toLowerCase() ?? '';
    if (charsets.size >= MAX_CHARSETS) charsets.clear();
    charsets.set(contentType, charset);
  }
  return charset;
}

/** Decoders by label; undefined for a label that is unknown. */
const decoders = new Map<string, TextDecoder | undefined>();

/** @returns undefined if no such charset is known */
function decoderOf(label: string): TextDecoder | undefined {
  if (decoders.has(label)) return decoders.get(label);
  let decoder: TextDecoder | undefined;
  try {
    decoder = new TextDecoder(label);
  } catch {
    decoder = undefined;
  }
  if (decoders.size >= MAX_CHARSETS) decoders.clear();
  decoders.set(label, decoder);
  return decoder;
}
