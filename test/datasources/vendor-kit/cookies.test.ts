/** Cookies of one address, stored as a browser does. */
import { describe, expect, test } from 'vitest';
import { Cookies } from '../../../datasources/vendor-kit/cookies.ts';

const BASE = 'http://desk.acme.example:8080/prefix';
const PATH = '/api/tickets';

const idAfter = (base: string, ...lines: string[]): string | undefined =>
  Cookies.for(base, PATH).after(lines).get('id');

describe('cookies', () => {
  test.each<readonly [string, readonly string[], string | undefined]>([
    ['without attributes', ['id=1'], '1'],
    ['of another name', ['it=1'], undefined],
    ['of the same name in another letter case', ['ID=1'], undefined],
    ['of the whole host', ['id=1; Path=/'], '1'],
    ['of the prefix', ['id=1; Path=/prefix'], '1'],
    ['of the prefix with a slash', ['id=1; Path=/prefix/'], '1'],
    ['of another path', ['id=1; Path=/admin'], undefined],
    ['of a path that only starts like the base path', ['id=1; Path=/pre'], undefined],
    ['of a path below the request path', ['id=1; Path=/prefix/api/tickets/1'], undefined],
    ['of an invalid path', ['id=1; Path=here'], '1'],
    ['of the host', ['id=1; Domain=desk.acme.example'], '1'],
    ['of the host above', ['id=1; Domain=.acme.example'], '1'],
    ['of the public host in front of the address', ['id=1; Domain=other.example'], '1'],
    ['of a host below', ['id=1; Domain=sub.desk.acme.example'], '1'],
    ['of another host and another path', ['id=1; Domain=other.example; Path=/admin'], undefined],
    ['of another host, replaced', ['id=1; Domain=other.example', 'id=2; Domain=.OTHER.example'], '2'],
    ['of another host, cleared', ['id=1; Domain=other.example', 'id=; Domain=other.example; Max-Age=0'], undefined],
    ['of this host, cleared for another', ['id=1; Path=/', 'id=; Domain=other.example; Path=/; Max-Age=0'], '1'],
    ['of another host, cleared for this', ['id=1; Domain=other.example', 'id=; Max-Age=0'], '1'],
    ['of this host before that of another', ['id=1; Path=/', 'id=2; Domain=other.example; Path=/'], '1'],
    ['of another IP address', ['id=1; Domain=10.0.0.7'], '1'],
    ['of an invalid host', ['id=1; Domain=..'], undefined],
    ['of the path without the prefix that a proxy puts before it', ['id=1; Path=/api'], '1'],
    ['of both paths', ['id=1; Path=/api', 'id=2; Path=/prefix/api'], '2'],
    ['of another host and the path without the prefix', ['id=1; Domain=other.example; Path=/api'], '1'],
    ['for https alone', ['id=1; Secure; HttpOnly; SameSite=Strict'], '1'],
    ['with attributes in odd letter case', ['id=1; pATH=/; mAX-aGE=60; sECURE'], '1'],
    ['with attributes without spaces', ['id=1;Path=/;Secure'], '1'],
    ['with a quoted value', ['id="1"; Path=/'], '"1"'],
    ['with equals signs in its value', ['id=a=b==; Path=/'], 'a=b=='],
    ['with percent-encoding', ['id=a%3Db; Path=/'], 'a%3Db'],
    ['with an empty value', ['id=; Path=/'], ''],
    ['with unknown attributes', ['id=1; Priority=High; Partitioned'], '1'],
    ['that has expired', ['id=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT'], undefined],
    ['that expires later', ['id=1; Expires=Fri, 31 Dec 2100 00:00:00 GMT'], '1'],
    ['whose Max-Age takes precedence over Expires', ['id=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=60'], '1'],
    ['with an invalid Expires date', ['id=1; Expires=never'], '1'],
    ['set twice', ['id=1; Path=/', 'id=2; Path=/'], '2'],
    ['set twice, once for another path', ['id=1; Path=/', 'id=2; Path=/admin'], '1'],
    ['set for a path and for one within it', ['id=1; Path=/prefix', 'id=2; Path=/'], '1'],
    ['cleared', ['id=1; Path=/', 'id=; Path=/; Max-Age=0'], undefined],
    ['cleared with a negative Max-Age', ['id=1; Path=/', 'id=gone; Path=/; Max-Age=-1'], undefined],
    ['cleared by Expires', ['id=1; Path=/', 'id=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT'], undefined],
    ['cleared for another path', ['id=1; Path=/', 'id=; Path=/admin; Max-Age=0'], '1'],
    ['cleared for a path that applies', ['id=1; Path=/', 'id=; Path=/prefix; Max-Age=0'], '1'],
    ['cleared and set again', ['id=; Path=/; Max-Age=0', 'id=1; Path=/'], '1'],
    ['beside an invalid line', ['', ';', 'nonsense', 'id=1'], '1'],
  ])('a cookie %s', (_, lines, value) => {
    expect(idAfter(BASE, ...lines)).toBe(value);
  });

  test.each(['http://localhost:1', 'http://127.0.0.1:1', 'http://[::1]:1', 'https://desk', 'https://a.b.example'])(
    'a cookie of %s is stored',
    (base) => {
      expect(idAfter(base, 'id=1; Path=/')).toBe('1');
      expect(idAfter(base, 'id=1')).toBe('1');
    },
  );

  test('a new response returns new cookies and leaves the previous ones unchanged', () => {
    const none = Cookies.for(BASE, PATH);
    const one = none.after('id=1; Path=/');
    const two = one.after(['id=2; Path=/', 'other=3']);
    const cleared = two.after('id=; Path=/; Max-Age=0');
    expect([none, one, two, cleared, cleared.after(undefined)].map((cookies) => cookies.get('id'))).toEqual([
      undefined,
      '1',
      '2',
      undefined,
      undefined,
    ]);
    expect(cleared.get('other')).toBe('3');
  });
});
