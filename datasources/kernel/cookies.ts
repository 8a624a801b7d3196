/**
 * Cookies as a browser keeps them: https://www.rfc-editor.org/rfc/rfc6265#section-5.3. By name, domain and path; one that
 * has expired is gone, and clearing one leaves those of other paths.
 */
import { CookieJar } from 'tough-cookie';
import type { UpstreamAnswer } from '../contract.ts';
import { asList } from './reading.ts';

/** The cookies that go with requests to one address. Unchangeable: answers make new ones. */
export class Cookies {
  readonly #jar: CookieJar;
  /** With https whatever the scheme is, since `Secure` is a matter of browsers: settings say where plain http is fine. */
  readonly #url: string;

  private constructor(jar: CookieJar, url: string) {
    this.#jar = jar;
    this.#url = url;
  }

  /** @param url of the requests that they go with; a cookie without a path of its own gets the path of this address. */
  static for(url: string): Cookies {
    const { host, pathname } = new URL(url);
    // A vendor's host may be a name of this machine or of the own network, which no list of suffixes knows.
    const jar = new CookieJar(undefined, { rejectPublicSuffixes: false, allowSpecialUseDomain: true });
    return new Cookies(jar, `https://${host}${pathname}`);
  }

  /** These cookies after `Set-Cookie`, whose lines are read in their order. Invalid lines are ignored. */
  after(setCookie: UpstreamAnswer['headers'][string]): Cookies {
    const jar = this.#jar.cloneSync();
    if (!jar) throw new TypeError('A store of cookies in memory is always copied.');
    for (const line of asList(setCookie)) jar.setCookieSync(String(line), this.#url, { ignoreError: true });
    return new Cookies(jar, this.#url);
  }

  /** The value as it was set; `undefined` without such a cookie. Of several, that of the longest path. */
  get(name: string): string | undefined {
    return this.#jar.getCookiesSync(this.#url).find(({ key }) => key === name)?.value;
  }
}
