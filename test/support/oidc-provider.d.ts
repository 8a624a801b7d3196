/** The part of oidc-provider that the tests use. The package has no types of its own. */
declare module 'oidc-provider' {
  import type { RequestListener } from 'node:http';

  /** Of one request, as Koa has it. */
  export interface ProviderContext {
    readonly method: string;
    readonly path: string;
    readonly querystring: string;
    readonly status: number;
    readonly headers: Readonly<Record<string, string | undefined>>;
    /** `undefined` if no route matches. */
    readonly oidc?: { readonly body?: Readonly<Record<string, string>> };
  }

  export default class Provider {
    /** https://github.com/panva/node-oidc-provider/blob/main/docs/README.md */
    constructor(issuer: string, configuration: object);
    use(middleware: (context: ProviderContext, next: () => Promise<void>) => Promise<void>): void;
    on(event: 'server_error', listener: (context: ProviderContext, error: Error) => unknown): void;
    callback(): RequestListener;
  }
}
