/**
 * Cookies as a browser keeps them: https://www.rfc-editor.org/rfc/rfc6265#section-5.3. By name, domain and path:
 * expired cookies are dropped, and clearing one leaves those of other paths.
 */
import { createRequire } from 'node:module';
import type * as toughCookie from 'tough-cookie';
import type { UpstreamAnswer } from '../contract.ts';
import { asList } from './coerce.ts';

const load = createRequire(import.meta.url);

/** Loaded with the first cookie: it takes 13 ms of a start (docs/performance.md#lazy-imports). */
const library = (): typeof toughCookie => load('tough-cookie') as typeof toughCookie;

/** The cookies for requests to one address. Immutable: each answer yields new ones. */
export class Cookies {
  /** `undefined` without cookies. */
  readonly #jar: toughCookie.CookieJar | undefined;
  readonly #host: string;
  /** Paths under which the vendor's own server may know the requests, the likeliest first. */
  readonly #paths: readonly string[];
  /** Cookie domains other than the address's host. */
  readonly #others: readonly string[];

  private constructor(
    jar: toughCookie.CookieJar | undefined,
    host: string,
    paths: readonly string[],
    others: readonly string[],
  ) {
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
    return new Cookies(undefined, host, [...new Set([pathname, path])], []);
  }

  /** Returns the cookies after these `Set-Cookie` lines, applied in order. Ignores invalid lines. */
  after(setCookie: UpstreamAnswer['headers'][string]): Cookies {
    const lines = asList(setCookie);
    if (lines.length === 0) return this;
    const jar = this.#copyJar();
    const others = new Set(this.#others);
    for (const line of lines) {
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
        const found = this.#jar?.getCookiesSync(this.#urlOf(host, path)).find(({ key }) => key === name);
        if (found) return found.value;
      }
    }
    return undefined;
  }

  #copyJar(): toughCookie.CookieJar {
    // A vendor's host may be local, and missing from the list of public suffixes.
    const options = { rejectPublicSuffixes: false, allowSpecialUseDomain: true };
    const jar = this.#jar ? this.#jar.cloneSync() : new (library().CookieJar)(undefined, options);
    if (!jar) throw new TypeError('Expected the in-memory cookie store to be cloneable.');
    return jar;
  }

  #otherDomainOf(line: string): string | undefined {
    const { Cookie, domainMatch } = library();
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
