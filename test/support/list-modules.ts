/** To be loaded with `--import`: writes the URLs of all modules loaded until the server is ready to `MODULES_FILE`. */
import { writeFileSync } from 'node:fs';
import { registerHooks } from 'node:module';

const urls = new Set<string>();

registerHooks({
  load(url, context, nextLoad) {
    urls.add(url);
    return nextLoad(url, context);
  },
});

const write = process.stdout.write.bind(process.stdout);

process.stdout.write = (chunk: string | Uint8Array, ...others: []) => {
  if (String(chunk).includes('ready at')) writeFileSync(process.env['MODULES_FILE']!, [...urls].join('\n'));
  return write(chunk, ...others);
};
