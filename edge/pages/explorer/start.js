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

self.YogaGraphiQL.renderYogaGraphiQL(document.getElementById('root'), {
  endpoint: toAddress('graphql'),
  defaultTabs: options.tabs,
  title: ' ',
  logo: ' ',
  /* Credentials stay in this page. */
  shouldPersistHeaders: false,
  /* The library would write each operation into the address, and so into the browser's history. */
  onEditQuery: () => undefined,
});
