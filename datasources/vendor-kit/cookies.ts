/**
 * Cookies as a browser keeps them: https://www.rfc-editor.org/rfc/rfc6265#section-5.3. By name, domain and path; one that
 * has expired is gone, and clearing one leaves those of other paths.
 */
import { Cookie, CookieJar, domainMatch } from 'tough-cookie';
import type { UpstreamAnswer } from '../contract.ts';
import { asList } from './coerce.ts';

/** The cookies that go with requests to one address. Unchangeable: answers make new ones. */
export class Cookies {
  readonly #jar: CookieJar;
  readonly #host: string;
  /** Of the requests as the vendor's own server may know them, the likeliest first. */
  readonly #paths: readonly string[];
  /** Domains that are not the address's own. */
  readonly #others: readonly string[];

  private constructor(jar: CookieJar, host: string, paths: readonly string[], others: readonly string[]) {
    this.#jar = jar;
    this.#host = host;
    this.#paths = paths;
    this.#others = others;
  }

  /**
   * @param baseUrl where the vendor is reached. It may be a proxy with another host and a prefix, of which the vendor does
   * not know: a cookie for its own host or path counts as well, and goes to this address alone.
   * @param path of the requests that they go with; a cookie without a path of its own gets the path of this address.
   */
  static for(baseUrl: string, path: string): Cookies {
    const { host, pathname } = new URL(baseUrl + path);
    // A vendor's host may be a name of this machine or of the own network, which no list of suffixes knows.
    const jar = new CookieJar(undefined, { rejectPublicSuffixes: false, allowSpecialUseDomain: true });
    return new Cookies(jar, host, [...new Set([pathname, path])], []);
  }

  /** These cookies after `Set-Cookie`, whose lines are read in their order. Invalid lines are ignored. */
  after(setCookie: UpstreamAnswer['headers'][string]): Cookies {
    const jar = this.#jar.cloneSync();
    if (!jar) throw new TypeError('A store of cookies in memory is always copied.');
    const others = new Set(this.#others);
    for (const line of asList(setCookie)) {
      const other = this.#otherDomainOf(String(line));
      if (other !== undefined) others.add(other);
      jar.setCookieSync(String(line), this.#urlOf(other ?? this.#host, this.#paths[0]!), { ignoreError: true });
    }
    return new Cookies(jar, this.#host, this.#paths, [...others]);
  }

  /** The value as it was set; `undefined` without such a cookie. Of several, that of the longest path. */
  get(name: string): string | undefined {
    for (const host of [this.#host, ...this.#others]) {
      for (const path of this.#paths) {
        const found = this.#jar.getCookiesSync(this.#urlOf(host, path)).find(({ key }) => key === name);
        if (found) return found.value;
      }
    }
    return undefined;
  }

  #otherDomainOf(line: string): string | undefined {
    const domain = Cookie.parse(line)?.domain;
    if (!domain || domainMatch(new URL(this.#urlOf(this.#host, '/')).hostname, domain)) return undefined;
    const url = this.#urlOf(domain, '/');
    return URL.canParse(url) && new URL(url).hostname === domain ? domain : undefined;
  }

  /** With https whatever the scheme is, since `Secure` is a matter of browsers: settings say where plain http is fine. */
  #urlOf(host: string, path: string): string {
    return `https://${host}${path}`;
  }
}
