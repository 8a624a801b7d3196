/* Runs in the browser: starts GraphiQL with what the server wrote into the page. */
const options = JSON.parse(document.getElementById('options').textContent);

/* Below the page's own address, so that a path prefix of a proxy is kept. */
const toAddress = (path) => new URL(path, document.baseURI).href;

self.MonacoEnvironment = {
  globalAPI: false,
  getWorkerUrl: (_, label) => toAddress(`${options.assets}/${label}.js`),
};

const studio = new URL('https://studio.apollographql.com/sandbox/explorer');
studio.searchParams.set('endpoint', toAddress('graphql'));
document.getElementById('studio').href = studio.href;

/* Throws, or is null, if the browser's settings forbid storage. The page then works without. */
let storage = null;
try {
  storage = self.localStorage;
} catch {}

/*
 * One operation at a time, since the library's tabs move away from under the pointer: the example that the address names,
 * what the reader wrote before, or the first example. It is stored here and not by the library, which adds an empty tab to
 * what it has stored, and stores with a delay of half a second: a reload before that would lose what the reader wrote.
 */
const OPERATION = 'ticketgraph:operation';
const REPLACED = ['graphiql:tabState', 'graphiql:query', 'graphiql:variables'];

function readStored() {
  try {
    const { query, variables } = JSON.parse(storage.getItem(OPERATION));
    return query ? { query, variables } : undefined;
  } catch {
    return undefined;
  }
}

function store() {
  try {
    storage?.setItem(OPERATION, JSON.stringify(written));
  } catch {
    /* The storage is full: the operation stays in the page. */
  }
}

const wanted = new URLSearchParams(location.search).get('example');
const example = options.examples.find(({ name }) => name === wanted);
const shown = example ?? readStored() ?? options.examples[0];
const written = { query: shown?.query ?? '', variables: shown?.variables ?? '' };
store();
/* A reload keeps what the reader makes of the example. */
if (wanted !== null) history.replaceState(null, '', location.pathname);
const same = options.examples.find(({ query }) => query === written.query);
document.querySelector(`nav a[href="?example=${same?.name}"]`)?.setAttribute('aria-current', 'true');

self.YogaGraphiQL.renderYogaGraphiQL(document.getElementById('root'), {
  endpoint: toAddress('graphql'),
  /* Not as `defaultTabs`: the variables of those are ignored until one is left and opened again. */
  query: shown?.query,
  variables: written.variables,
  title: ' ',
  logo: ' ',
  /* Credentials stay in this page. */
  shouldPersistHeaders: false,
  storage: storage && {
    getItem: (key) => (REPLACED.includes(key) ? null : storage.getItem(key)),
    setItem: (key, value) => (REPLACED.includes(key) ? undefined : storage.setItem(key, value)),
    removeItem: (key) => storage.removeItem(key),
    clear: () => storage.clear(),
    get length() {
      return storage.length;
    },
  },
  /* Replaces the library's own, which writes each operation into the address, and so into the browser's history. */
  onEditQuery: (query) => {
    written.query = query;
    store();
  },
  onEditVariables: (variables) => {
    written.variables = variables;
    store();
  },
});
