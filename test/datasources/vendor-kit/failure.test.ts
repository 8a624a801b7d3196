/** Failures: no stack traces, safe messages, and bounded CPU time for any vendor response. */
import { describe, expect, test } from 'vitest';
import type { UpstreamAnswer } from '../../../datasources/contract.ts';
import {
  Failure,
  describeRejection,
  isStackFrame,
  sanitize,
  readRetryAfter,
} from '../../../datasources/vendor-kit/failure.ts';
import { toFailure as toOmnideskFailure } from '../../../datasources/omnidesk/failure.ts';
import { toFailure as toRequestorFailure } from '../../../datasources/requestor/failure.ts';

test('a failure captures no stack trace, and other errors still do', () => {
  const before = Error.stackTraceLimit;
  const failure = new Failure({ kind: 'not-found', message: 'None.' }).forTicket('acme:1', 'acme');
  expect(failure.stack).not.toContain('\n');
  expect(failure).toMatchObject({ name: 'Failure', message: 'None.', ticketId: 'acme:1', source: 'acme' });
  expect(Error.stackTraceLimit).toBe(before);
  expect(new Error('other').stack).toContain('failure.test.ts');
});

const show = (upstreamMessage: string): string | undefined =>
  sanitize({ kind: 'rejected', upstreamMessage }).upstreamMessage;

describe('upstream messages', () => {
  test.each([
    ['Not allowed.', 'Not allowed.'],
    ['  Not\n\r\n allowed.\t', 'Not allowed.'],
    ['<h1>Error</h1><p>Not <b>allowed</b>.</p>', 'Error Not allowed .'],
    ['<style>p { color: red }</style><SCRIPT src=x>run()</SCRIPT >Not allowed.', 'Not allowed.'],
    ['Not allowed.<script>run(', 'Not allowed.'],
    ['Not allowed.<script>a</script>b<style>c</style>d', 'Not allowed. b d'],
    ['<script>1</style>2</script>3', '2 3'],
    ['Not allowed.<a href="', 'Not allowed.'],
    ['Not\u0000 al\u200blowed\u202e.', 'Not al lowed .'],
    ['Not allowed.\n   at Acme.Tickets.Close(Int32 id) in C:\\a.cs:line 12\n  at run (/srv/a.js:1:2)', 'Not allowed.'],
    ['Not allowed.\n#0 /srv/a.php(12): close()\n#1 {main}\n... 12 more', 'Not allowed.'],
    ['Not allowed.\n  File "/srv/a.py", line 3, in close', 'Not allowed.'],
    ['Meet us\nat the office\nat 12:30', 'Meet us at the office'],
    [
      'See /api?apiKey=12&x=1 and access_token=a.b, password=p',
      'See /api?apiKey=REDACTED&x=1 and access_token=REDACTED password=REDACTED',
    ],
    ['', undefined],
    ['<p> </p>', undefined],
    ['x'.repeat(501), 'x'.repeat(500)],
    ['x'.repeat(1_000_000), 'x'.repeat(500)],
    [`${'<p>'.repeat(500)}Not allowed.`, 'Not allowed.'],
  ])('the upstream message %j is shown as plain text', (message, shown) => {
    expect(show(message)).toBe(shown);
    if (shown !== undefined) expect(show(shown)).toBe(shown);
  });

  test.each([
    ['   at Acme.Close(Int32 id)', true],
    ['at async close (file:///a.js:1:2)', true],
    ['at async Promise.all', true],
    ['at Object.<anonymous> (/srv/a.js:1:2)', true],
    ['at /srv/a.js:1', true],
    ['at Acme.Close in C:\\a.cs:line 12', true],
    ['at java.base/java.lang.Thread.run(Thread.java:840)', true],
    ['#12 {main}', true],
    ['#0 close(12)', true],
    ['File "a.py", line 1', true],
    ['... 7 more', true],
    ['at the office', false],
    ['at headline 12', false],
    ['attached: 12', false],
    ['#12 is open', false],
    ['at', false],
    ['', false],
  ])('whether the line %j belongs to a stack trace: %s', (line, expected) => {
    expect(isStackFrame(line)).toBe(expected);
  });
});

/** Far above the time for truncated text, and far below quadratic time for the full text. */
const MAX_CPU_MS = 500;

function measure(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

describe('large upstream messages', () => {
  const LONG = [
    '\n',
    '\r\n',
    ' ',
    '\n ',
    'at ',
    'at\n',
    '\nat ',
    '<',
    '<script',
    '<script>',
    '</script ',
    ':1',
    '#1',
    'x(',
    'apiKey=',
  ].map((unit) => unit.repeat(Math.ceil(1_000_000 / unit.length)));

  test.each(LONG.map((text) => [text.slice(0, 10), text]))(
    'a megabyte of %j in an upstream message takes little CPU time',
    (_, text) => {
      const answers: UpstreamAnswer[] = ['text/plain', 'application/json', 'text/html'].flatMap((type) =>
        [text, `at${text}`, JSON.stringify({ message: text, Message: text })].map((body) => ({
          status: 400,
          headers: { 'content-type': type },
          text: body,
        })),
      );
      const cpuMs = measure(() => {
        for (const answer of answers) {
          describeRejection(answer, toRequestorFailure);
          describeRejection(answer, (rejection) => toOmnideskFailure(rejection, 'k3y'));
        }
      });
      expect(cpuMs / answers.length).toBeLessThan(MAX_CPU_MS);
    },
  );
});

describe('Retry-After', () => {
  const NOW = Date.parse('2026-11-30T12:00:00Z');
  const wait = (retryAfter: string | readonly string[], date?: string): number | undefined =>
    readRetryAfter(
      { status: 429, headers: { 'retry-after': retryAfter, ...(date !== undefined && { date }) }, text: '' },
      NOW,
    );

  test.each([
    ['7', 7],
    [' 7 ', 7],
    ['0', 0],
    ['1.5', 2],
    ['0.2', 1],
    ['999999999', 999_999_999],
    ['Mon, 30 Nov 2026 12:00:30 GMT', 30],
    ['Monday, 30-Nov-26 12:00:30 GMT', 30],
    ['Mon Nov 30 12:00:30 2026', 30],
    ['2026-11-30T12:00:30Z', 30],
    ['2026-11-30T14:00:29.5+02:00', 30],
    ['Mon, 30 Nov 2026 11:59:00 GMT', 0],
    ['Thu, 01 Jan 1970 00:00:00 GMT', 0],
    ['Fri, 31 Dec 9999 23:59:59 GMT', 999_999_999],
    [['3', 'soon', '5'], 5],
    ...[
      '',
      'soon',
      '-1',
      '-1.5',
      '1e3',
      '1,5',
      '.5',
      '5 s',
      '+5',
      'now + 5',
      '9999999999',
      '999999999999',
      '99999999999999',
      'Infinity',
      'NaN',
    ].map((text) => [text, undefined] as const),
    ['Wed, 31 Feb 2027 12:00:00 GMT', undefined],
    ['Mon, 30 Nov 2026 25:00:00 GMT', undefined],
    ['Mon, 30 Nov 2026', undefined],
  ] as const)('a Retry-After of %j is %j seconds', (text, seconds) => {
    expect(wait(text)).toBe(seconds);
  });

  test("a Retry-After date is compared with the vendor's clock if the response has a Date header", () => {
    const until = 'Mon, 30 Nov 2026 11:50:30 GMT';
    expect(wait(until)).toBe(0);
    expect(wait(until, 'Mon, 30 Nov 2026 11:50:00 GMT')).toBe(30);
    expect(wait(until, 'some day')).toBe(0);
    expect(wait('30', 'Mon, 30 Nov 2026 11:50:00 GMT')).toBe(30);
  });
});
