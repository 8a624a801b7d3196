/** Renders the explorer's HTML, without inline scripts, so that the content security policy can forbid them. */
import type { Example } from './examples.ts';

export interface PageOptions {
  /** Path of the assets, relative to the page. */
  readonly assets: string;
  readonly examples: readonly Example[];
  readonly hasConsole: boolean;
  /** Whether CORS_ORIGINS allows Apollo Studio. */
  readonly isOpenToStudio: boolean;
  /** Sentences about what does not work here, and why. */
  readonly notices: readonly string[];
}

export function renderPage({ assets, examples, hasConsole, isOpenToStudio, notices }: PageOptions): string {
  const studioTitle = `Needs CORS_ORIGINS=studio, which is ${isOpenToStudio ? '' : 'not '}set`;
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width" />
    <title>ticketgraph explorer</title>
    <link rel="icon" href="data:," />
    <link rel="stylesheet" href="${assets}/graphiql.css" />
    <link rel="stylesheet" href="${assets}/page.css" />
    <script type="application/json" id="options">${toJson({ assets, examples })}</script>
    <script defer src="${assets}/graphiql.js"></script>
    <script defer src="${assets}/start.js"></script>
  </head>
  <body>
    <header>
      <h1>ticketgraph</h1>
      <span>endpoint: <code>/graphql</code></span>
${hasConsole ? '      <a href="console">Console</a>\n' : ''}\
      <a id="studio" target="_blank" rel="noopener noreferrer" title="${studioTitle}">Open in Apollo Sandbox</a>
      <a href="health/ready">Health</a>
      <nav aria-label="Examples">
        <span aria-hidden="true">Examples:</span>
${examples.map(({ name }) => `        <a href="?example=${name}">${toWords(name)}</a>\n`).join('')}\
      </nav>
${notices.map((notice) => `      <p class="note">${notice}</p>\n`).join('')}\
    </header>
    <main id="root"></main>
    <noscript>The explorer needs JavaScript. The endpoint itself is at /graphql.</noscript>
  </body>
</html>
`;
}

/** `OneTicket` as `One ticket`. */
function toWords(name: string): string {
  return name.charAt(0) + name.slice(1).replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** JSON that cannot close the element around it. */
function toJson(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}
