/* Runs in the browser: starts GraphiQL with the options in the page. */
const options = JSON.parse(document.getElementById('options').textContent);

/* Relative to the page, so that a proxy's path prefix is kept. */
const toAddress = (path) => new URL(path, document.baseURI).href;

self.MonacoEnvironment = {
  globalAPI: false,
  getWorkerUrl: (_, label) => toAddress(`${options.assets}/${label}.js`),
};

const studio = new URL('https://studio.apollographql.com/sandbox/explorer');
studio.searchParams.set('endpoint', toAddress('graphql'));
document.getElementById('studio').href = studio.href;

/* Throws, or is null, if the browser's settings forbid storage. The page works without. */
let storage = null;
try {
  storage = self.localStorage;
} catch {}

/*
 * One operation instead of the library's tabs: the example in the URL, the stored operation, or the first example. Stored
 * here, since the library adds an empty tab, and stores half a second late, so that a reload could lose input.
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
/* Without the example in the URL, a reload keeps edits. */
if (wanted !== null) history.replaceState(null, '', location.pathname);
const same = options.examples.find(({ query }) => query === written.query);
document.querySelector(`nav a[href="?example=${same?.name}"]`)?.setAttribute('aria-current', 'true');

self.YogaGraphiQL.renderYogaGraphiQL(document.getElementById('root'), {
  endpoint: toAddress('graphql'),
  /* Not `defaultTabs`, whose variables are ignored until a tab is reopened. */
  query: shown?.query,
  variables: written.variables,
  title: ' ',
  logo: ' ',
  /* Keeps credentials out of storage. */
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
  /* Replaces the library's handler, which writes each operation into the URL and the browser's history. */
  onEditQuery: (query) => {
    written.query = query;
    store();
  },
  onEditVariables: (variables) => {
    written.variables = variables;
    store();
  },
});
