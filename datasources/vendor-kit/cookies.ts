/**
 * Cookies as a browser keeps them: https://www.rfc-editor.org/rfc/rfc6265#section-5.3. By name, domain and path:
 * expired cookies are dropped, and clearing one leaves those of other paths.
 */
import { Cookie, CookieJar, domainMatch } from 'tough-cookie';
import type { UpstreamAnswer } from '../contract.ts';
import { asList } from './coerce.ts';

/** The cookies for requests to one address. Immutable: each answer yields new ones. */
export class Cookies {
  readonly #jar: CookieJar;
  readonly #host: string;
  /** Paths under which the vendor's own server may know the requests, the likeliest first. */
  readonly #paths: readonly string[];
  /** Cookie domains other than the address's host. */
  readonly #others: readonly string[];

  private constructor(jar: CookieJar, host: string, paths: readonly string[], others: readonly string[]) {
    this.#jar = jar;
    this.#host = host;
    this.#paths = paths;
    this.#others = others;
  }

  /**
   * @param baseUrl address of the vendor, or of a proxy with another host and a path prefix that the vendor does not know.
   * So cookies for the vendor's own host or path count as well, and are sent to this address only.
   * @param path of the requests; the default path of cookies that name none.
   */
  static for(baseUrl: string, path: string): Cookies {
    const { host, pathname } = new URL(baseUrl + path);
    // A vendor's host may be local, and missing from the list of public suffixes.
    const jar = new CookieJar(undefined, { rejectPublicSuffixes: false, allowSpecialUseDomain: true });
    return new Cookies(jar, host, [...new Set([pathname, path])], []);
  }

  /** Returns the cookies after these `Set-Cookie` lines, applied in order. Ignores invalid lines. */
  after(setCookie: UpstreamAnswer['headers'][string]): Cookies {
    const jar = this.#jar.cloneSync();
    if (!jar) throw new TypeError('Expected the in-memory cookie store to be cloneable.');
    const others = new Set(this.#others);
    for (const line of asList(setCookie)) {
      const other = this.#otherDomainOf(String(line));
      if (other !== undefined) others.add(other);
      jar.setCookieSync(String(line), this.#urlOf(other ?? this.#host, this.#paths[0]!), { ignoreError: true });
    }
    return new Cookies(jar, this.#host, this.#paths, [...others]);
  }

  /** Returns the value as it was set, or `undefined` without such a cookie. The longest path wins. */
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

  /** Always https, because `Secure` is a rule for browsers: our settings decide whether plain http is allowed. */
  #urlOf(host: string, path: string): string {
    return `https://${host}${path}`;
  }
}
