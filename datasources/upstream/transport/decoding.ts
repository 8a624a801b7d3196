/**
 * Decodes the body of an answer: content codings, charset and byte order mark.
 *
 * Most answers are UTF-8 without a coding. These cost two header lookups and a map lookup.
 */
import { TextDecoder } from 'node:util';
import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync, zstdDecompressSync } from 'node:zlib';
import type { UpstreamAnswer } from '../../contract.ts';
import { TransportError } from './transport.ts';

/**
 * The body as text. Without bytes, an empty text, whatever the headers declare.
 *
 * @param maximumBytes most bytes before and after each coding, so that a small answer cannot expand into a large one
 * @throws TransportError `oversized`, or `garbled` if the bytes do not match a coding.
 */
export function decodeBody(bytes: Buffer, headers: UpstreamAnswer['headers'], maximumBytes: number): string {
  if (bytes.length === 0) return '';
  const coding = headers['content-encoding'];
  if (coding === undefined || coding === '') return toText(bytes, headers['content-type']);
  const contentType = headers['content-type'];
  const { codings, isUnknown } = parseCodings(coding);
  const decoded = codings.reduceRight((rest, name) => decompress(rest, name, maximumBytes, contentType), bytes);
  const text = toText(decoded, contentType);
  // Unknown names such as `utf-8` or `none` are common for plain text. Anything else cannot be decoded.
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

/** Magic numbers of the codings that have one. */
const MAGIC_NUMBERS: ReadonlyMap<string, Buffer> = new Map([
  ['gzip', Buffer.from([0x1f, 0x8b])],
  ['x-gzip', Buffer.from([0x1f, 0x8b])],
  ['zstd', Buffer.from([0x28, 0xb5, 0x2f, 0xfd])],
]);

/** More codings than any server applies. Each one may decompress up to the limit. */
const MAX_CODINGS = 4;

/** Control characters that do not occur in text, and the replacement character for invalid bytes. */
const NOT_TEXT = /[\u0000-\u0008\u000e-\u001a\u001c-\u001f\ufffd]/;

/** The known codings in the order in which they were applied. Case-insensitive: RFC 9110 section 8.4.1. */
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

/** Returns text unchanged: some proxies decompress a body and keep the header. */
function decompress(bytes: Buffer, coding: string, maximumBytes: number, contentType: ContentType): Buffer {
  try {
    return DECOMPRESS.get(coding)!(bytes, { maxOutputLength: maximumBytes });
  } catch (error) {
    if (isTooLarge(error)) throw new TransportError('oversized', true);
    const magic = MAGIC_NUMBERS.get(coding);
    const isCompressed = magic !== undefined && bytes.subarray(0, magic.length).equals(magic);
    const isText = !isCompressed && !bytes.includes(0) && !NOT_TEXT.test(toText(bytes, contentType));
    if (!isText) throw new TransportError('garbled', true);
    return bytes;
  }
}

/** With the zlib header, as specified, or without it, as some servers send it. RFC 9110 section 8.4.1.2 */
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

/** A subset of UTF-8. Software that declares it often sends UTF-8. */
const IS_ASCII = /^(?:us-)?ascii$/;

/** A byte order mark takes precedence over the declared charset: https://encoding.spec.whatwg.org/#decode */
function toText(bytes: Buffer, contentType: ContentType): string {
  const first = bytes[0];
  const second = bytes[1];
  if (first === 0xef && second === 0xbb && bytes[2] === 0xbf) return bytes.toString('utf8', 3);
  if (first === 0xff && second === 0xfe) return decoderOf('utf-16le')!.decode(bytes);
  if (first === 0xfe && second === 0xff) return decoderOf('utf-16be')!.decode(bytes);
  const declared = contentType === undefined ? '' : charsetOf(String(contentType));
  const charset = declared === '' ? detectCharset(bytes) : declared;
  const decoder = charset === 'utf-8' || IS_ASCII.test(charset) ? undefined : decoderOf(charset);
  return decoder ? decoder.decode(bytes) : bytes.toString('utf8');
}

/** The charset that the bytes show: XML declares it in its first line, and ASCII in UTF-16 contains zeros. */
function detectCharset(bytes: Buffer): string {
  const first = bytes[0];
  const second = bytes[1];
  if (first === 0 && second) return 'utf-16be';
  if (first && second === 0) return 'utf-16le';
  // `<?` of `<?xml`.
  if (first !== 0x3c || second !== 0x3f) return 'utf-8';
  const [, declaration = ''] =
    /^<\?xml\s([^>]*)\?>/.exec(bytes.subarray(0, MAX_DECLARATION_LENGTH).toString('latin1')) ?? [];
  const [, name = ''] = /\sencoding\s*=\s*["']([\w.:-]+)["']/.exec(` ${declaration}`) ?? [];
  const label = name.toLowerCase();
  // A declaration that was readable byte by byte is not UTF-16, even if it says so, as with .NET.
  return name === '' || decoderOf(label)?.encoding.startsWith('utf-16') ? 'utf-8' : label;
}

/** Bytes that are searched for the XML declaration. */
const MAX_DECLARATION_LENGTH = 256;

/** By header value, of which a vendor sends few. */
const charsets = new Map<string, string>();
const MAX_CHARSETS = 200;
const MAX_HEADER_LENGTH = 200;

/** The first declared charset, in lower case; empty if there is none. */
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

/** By label; `undefined` for an unknown label. */
const decoders = new Map<string, TextDecoder | undefined>();

/** Returns the decoder, or `undefined` if the charset is unknown. */
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
