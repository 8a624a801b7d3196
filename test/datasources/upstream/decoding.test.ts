/** Decoding the body of an answer: codings, charsets, byte order marks, and rejected bytes. */
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { decodeBody } from '../../../datasources/upstream/transport/decoding.ts';
import { TransportError } from '../../../datasources/upstream/transport/transport.ts';

const MAX = 10_000;
const TEXT = '{"title":"Žluťoučký kůň"}';
const PLAIN = Buffer.from(TEXT);

function decode(bytes: Buffer, headers: Readonly<Record<string, string | readonly string[]>> = {}): string {
  return decodeBody(bytes, headers, MAX);
}

/** Why the bytes are rejected. */
function reasonFor(bytes: Buffer, headers: Readonly<Record<string, string>>): string | undefined {
  try {
    decode(bytes, headers);
    return undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(TransportError);
    return (error as TransportError).reason;
  }
}

const COMPRESS = {
  gzip: gzipSync,
  deflate: deflateSync,
  br: brotliCompressSync,
  zstd: zstdCompressSync,
} as const;
const CODINGS = Object.keys(COMPRESS) as (keyof typeof COMPRESS)[];

test.each(['gzip', 'x-gzip', 'deflate', 'br', 'zstd', 'compress', 'GZIP', 'gzip, br', 'none', 'utf-8', ''])(
  'decodes no bytes to an empty text under Content-Encoding: %s',
  (coding) => {
    expect(decode(Buffer.alloc(0), { 'content-encoding': coding, 'content-type': 'text/xml; charset=utf-16' })).toBe(
      '',
    );
  },
);

test.each(CODINGS.flatMap((coding) => [coding, coding.toUpperCase(), ` ${coding} `, `identity, ${coding}`]))(
  'decodes Content-Encoding: %j',
  (header) => {
    const coding = CODINGS.find((name) => header.toLowerCase().includes(name))!;
    expect(decode(COMPRESS[coding](PLAIN), { 'content-encoding': header })).toBe(TEXT);
  },
);

test.each(['x-gzip', 'X-GZip'])('decodes gzip under its old name %s', (coding) => {
  expect(decode(gzipSync(PLAIN), { 'content-encoding': coding })).toBe(TEXT);
});

test('decodes deflate with and without the zlib header', () => {
  expect(decode(deflateSync(PLAIN), { 'content-encoding': 'deflate' })).toBe(TEXT);
  expect(decode(deflateRawSync(PLAIN), { 'content-encoding': 'Deflate' })).toBe(TEXT);
});

test('decodes several codings in the reverse of their order, in one line or in several', () => {
  const bytes = brotliCompressSync(gzipSync(PLAIN));
  expect(decode(bytes, { 'content-encoding': 'gzip, br' })).toBe(TEXT);
  expect(decode(bytes, { 'content-encoding': 'GZIP,,BR' })).toBe(TEXT);
  expect(decode(bytes, { 'content-encoding': ['gzip', 'br'] })).toBe(TEXT);
});

test.each(['identity', 'Identity', 'none', 'utf-8', 'UTF-8', '8bit', 'compress', 'made-up', ',', 'none, utf-8'])(
  'reads plain text under Content-Encoding: %s',
  (coding) => {
    expect(decode(PLAIN, { 'content-encoding': coding })).toBe(TEXT);
  },
);

test.each([...CODINGS, 'x-gzip', 'GZIP', 'gzip, br'])(
  'reads plain text that a proxy has decompressed under Content-Encoding: %s',
  (coding) => {
    expect(decode(PLAIN, { 'content-encoding': coding })).toBe(TEXT);
    const page = '<html>\r\n\t<title>Sign in</title></html>';
    expect(decode(Buffer.from(page), { 'content-encoding': coding })).toBe(page);
    const headers = { 'content-encoding': coding, 'content-type': 'text/plain; charset=windows-1250' };
    expect(decode(Buffer.from([0x9a, 0xe8]), headers)).toBe('šč');
  },
);

test.each([
  ['a truncated gzip', gzipSync(PLAIN).subarray(0, -4), 'gzip'],
  ['a gzip cut in its header', gzipSync(PLAIN).subarray(0, 5), 'gzip'],
  ['a gzip with a wrong checksum', Buffer.concat([gzipSync(PLAIN).subarray(0, -8), Buffer.alloc(8)]), 'gzip'],
  ['a truncated deflate', deflateSync(PLAIN).subarray(0, -4), 'deflate'],
  ['a truncated raw deflate', deflateRawSync(PLAIN).subarray(0, -4), 'deflate'],
  ['a truncated brotli', brotliCompressSync(PLAIN).subarray(0, -2), 'br'],
  ['a truncated zstd', zstdCompressSync(PLAIN).subarray(0, -2), 'zstd'],
  ['bytes that are neither declared gzip nor text', Buffer.from([0x7b, 0x00, 0x01, 0x7d]), 'gzip'],
  ['bytes that are neither declared brotli nor UTF-8', Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), 'br'],
  ['brotli declared as gzip', brotliCompressSync(PLAIN), 'gzip'],
  ['gzip declared as zstd', gzipSync(PLAIN), 'zstd'],
  ['a gzip declared as an unknown coding', gzipSync(PLAIN), 'made-up'],
  ['too many codings', gzipSync(PLAIN), Array(5).fill('gzip').join()],
])('rejects %s', (_, bytes, coding) => {
  expect(reasonFor(bytes, { 'content-encoding': coding })).toBe('garbled');
});

test.each([...CODINGS, 'raw deflate'] as const)('rejects a body that expands beyond the limit: %s', (coding) => {
  const compress = coding === 'raw deflate' ? deflateRawSync : COMPRESS[coding];
  const header = { 'content-encoding': coding.replace('raw ', '') };
  expect(reasonFor(compress(Buffer.alloc(MAX + 1, 0x20)), header)).toBe('oversized');
  expect(decode(compress(Buffer.alloc(MAX, 0x20)), header)).toHaveLength(MAX);
});

test('applies the limit to each coding of a list', () => {
  const bomb = gzipSync(gzipSync(Buffer.alloc(50_000_000)));
  expect(bomb.length).toBeLessThan(1_000);
  expect(reasonFor(bomb, { 'content-encoding': 'gzip, gzip' })).toBe('oversized');
});

const utf16be = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();
/** `"šč"` in windows-1250 and ISO 8859-2. */
const WINDOWS_1250 = Buffer.from([0x22, 0x9a, 0xe8, 0x22]);
const LATIN_2 = Buffer.from([0x22, 0xb9, 0xe8, 0x22]);

test.each([
  ['application/json; charset=windows-1250', WINDOWS_1250, '"šč"'],
  ['application/json;charset="Windows-1250"', WINDOWS_1250, '"šč"'],
  ["application/json; CHARSET='WINDOWS-1250'", WINDOWS_1250, '"šč"'],
  ['application/json; odata=minimal; charset = cp1250; x=y', WINDOWS_1250, '"šč"'],
  ['text/xml; charset=iso-8859-2', LATIN_2, '"šč"'],
  ['text/xml; charset=latin2', LATIN_2, '"šč"'],
  ['text/plain; charset=iso-8859-1', Buffer.from([0xe9, 0x80]), 'é€'],
  ['text/plain; charset=utf-16le', Buffer.from('"šč"', 'utf16le'), '"šč"'],
  ['text/plain; charset=utf-16', Buffer.from('"šč"', 'utf16le'), '"šč"'],
  ['text/plain; charset=UTF-16BE', utf16be('"šč"'), '"šč"'],
  ['text/plain; charset=utf8', PLAIN, TEXT],
  ['text/plain; charset=UTF-8', PLAIN, TEXT],
  ['text/plain; charset=US-ASCII', PLAIN, TEXT],
  ['text/plain; charset=ascii', PLAIN, TEXT],
  ['text/plain; charset=made-up', PLAIN, TEXT],
  ['text/plain; charset=iso-2022-kr', PLAIN, TEXT],
  ['text/plain; charset=', PLAIN, TEXT],
  ['text/plain', PLAIN, TEXT],
  ['', PLAIN, TEXT],
])('decodes the declared charset: %s', (contentType, bytes, text) => {
  expect(decode(bytes, { 'content-type': contentType })).toBe(text);
  // Served from the cache.
  expect(decode(bytes, { 'content-type': contentType })).toBe(text);
  expect(decode(gzipSync(bytes), { 'content-type': contentType, 'content-encoding': 'gzip' })).toBe(text);
});

test.each([
  ['<?xml version="1.0" encoding="windows-1250"?><t>', WINDOWS_1250, 'text/xml', '"šč"'],
  ["<?xml version='1.0' encoding='ISO-8859-2' standalone='yes'?>\r\n<t>", LATIN_2, 'application/xml', '"šč"'],
  ['<?xml version="1.0" encoding="windows-1250"?><t>', LATIN_2, 'text/xml; charset=iso-8859-2', '"šč"'],
  ['<?xml version="1.0" encoding="utf-16"?><t>', PLAIN, 'text/xml', TEXT],
  ['<?xml version="1.0" encoding="us-ascii"?><t>', PLAIN, 'text/xml', TEXT],
  ['<?xml version="1.0" encoding="made-up"?><t>', PLAIN, 'text/xml', TEXT],
  ['<?xml version="1.0"?><t encoding="windows-1250">', PLAIN, 'text/xml', TEXT],
  ['<t>', PLAIN, 'text/xml', TEXT],
])('reads the XML declaration if Content-Type has no charset: %s', (start, bytes, contentType, text) => {
  const all = Buffer.concat([Buffer.from(start), bytes]);
  expect(decode(all, { 'content-type': contentType })).toBe(start + text);
});

test.each([
  ['UTF-8', Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), PLAIN])],
  ['UTF-16 with the low byte first', Buffer.from(`\ufeff${TEXT}`, 'utf16le')],
  ['UTF-16 with the high byte first', utf16be(`\ufeff${TEXT}`)],
])('removes the byte order mark of %s, whatever is declared', (_, bytes) => {
  for (const charset of ['', '; charset=utf-8', '; charset=utf-16', '; charset=windows-1250']) {
    expect(decode(bytes, { 'content-type': `application/json${charset}` })).toBe(TEXT);
  }
  expect(decode(brotliCompressSync(bytes), { 'content-encoding': 'br' })).toBe(TEXT);
});

test('removes one byte order mark, and decodes a body without other bytes to an empty text', () => {
  const mark = Buffer.from([0xef, 0xbb, 0xbf]);
  expect(decode(Buffer.concat([mark, mark, PLAIN]))).toBe(`\ufeff${TEXT}`);
  expect(decode(mark)).toBe('');
});

test('detects UTF-16 without a byte order mark by its zeros', () => {
  expect(decode(Buffer.from(TEXT, 'utf16le'))).toBe(TEXT);
  expect(decode(utf16be(TEXT))).toBe(TEXT);
});
