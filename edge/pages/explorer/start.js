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

/*
 * One operation at a time, since the tabs of the library move away from under the pointer: the example that the address
 * asks for, what the reader wrote before, or the first example. The library would add an empty tab to what it has stored.
 */
const STORED = ['graphiql:tabState', 'graphiql:query', 'graphiql:variables'];

function readStored() {
  try {
    const { tabs, activeTabIndex } = JSON.parse(localStorage.getItem(STORED[0]));
    const { query, variables } = tabs[activeTabIndex];
    return query ? { query, variables } : undefined;
  } catch {
    return undefined;
  }
}

const wanted = new URLSearchParams(location.search).get('example');
const example = options.examples.find(({ name }) => name === wanted);
const shown = example ?? readStored() ?? options.examples[0];
for (const key of STORED) localStorage.removeItem(key);
/* A reload keeps what the reader makes of the example. */
if (wanted !== null) history.replaceState(null, '', location.pathname);
const same = options.examples.find(({ query }) => query === shown?.query);
document.querySelector(`nav a[href="?example=${same?.name}"]`)?.setAttribute('aria-current', 'true');

self.YogaGraphiQL.renderYogaGraphiQL(document.getElementById('root'), {
  endpoint: toAddress('graphql'),
  /* Not as `defaultTabs`: the variables of those are ignored until one is left and opened again. */
  query: shown?.query,
  variables: shown?.variables ?? '',
  title: ' ',
  logo: ' ',
  /* Credentials stay in this page. */
  shouldPersistHeaders: false,
  /* The library would write each operation into the address, and so into the browser's history. */
  onEditQuery: () => undefined,
});
