/** Options of the commands that call a running server, and the profile that supplies what is not given. */
import { Option, type Command } from 'commander';
import { DEFAULT_URL, address, profileName } from './arguments.ts';

/** Adds the options of all commands that call a running server. */
export function withServer(command: Command): Command {
  const url = new Option('--url <address>', "the endpoint's URL").env('TICKETGRAPH_URL').default(DEFAULT_URL);
  return withCredentials(command.addOption(url.argParser(address)));
}

/** Adds the options that sign in. The command has `--url`. */
export function withCredentials(command: Command): Command {
  return command
    .addOption(new Option('--api-key <key>', 'sign in with an API key').env('TICKETGRAPH_API_KEY'))
    .addOption(new Option('--token <token>', 'sign in with a bearer token').env('TICKETGRAPH_TOKEN'))
    .addOption(profileOption('use the URL and the sign-in of this profile (default: the profile default)'))
    .addOption(json())
    .hook('preAction', async (_, action) => (await import('./profiles/select.ts')).applyProfile(action));
}

export function profileOption(description: string): Option {
  return new Option('--profile <name>', description).env('TICKETGRAPH_PROFILE').argParser(profileName);
}

export function json(): Option {
  return new Option('--json', 'print JSON');
}
