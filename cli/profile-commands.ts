/** The commands that sign in and out, with their arguments and options. */
import { Option, type Command } from 'commander';
import { address, oauthScope, openIdText, wholeNumber } from './arguments.ts';
import type { LoginOptions } from './commands/login.ts';
import type { LogoutOptions } from './commands/logout.ts';
import type { ProfilesOptions } from './commands/profiles.ts';
import type { ServerOptions } from './server.ts';
import { json, profileOption, withServer } from './server-options.ts';

export function addProfileCommands(program: Command): void {
  addLogin(program);
  addLogout(program);
  addProfiles(program);
  addWhoami(program);
}

function addLogin(program: Command): void {
  const url = new Option('--url <address>', "the endpoint's URL (default: that of the profile)").env('TICKETGRAPH_URL');
  program
    .command('login')
    .description('sign in to a server, and keep the sign-in in a profile for all other commands')
    .addOption(profileOption('the profile to keep it in (default: default)'))
    .addOption(url.argParser(address))
    .option('--issuer <address>', 'the OpenID provider (default: as the server says)', address)
    .option('--client-id <id>', 'the id of a public client of the provider', openIdText)
    .option('--scope <scopes>', 'scopes, separated by spaces (default: all of the server)', oauthScope)
    .option('--resource <address>', 'the resource to request tokens for (parameter resource)', openIdText)
    .option('--audience <name>', 'the audience to request tokens for (parameter audience)', openIdText)
    .option('--device', 'sign in with a browser on any device, by a code')
    .option('--no-browser', 'print the address without opening a browser')
    .option('--port <number>', 'port of the redirect to 127.0.0.1 (default: a free one)', wholeNumber(0, 65_535))
    .option('--api-key-stdin', 'keep an API key, read from stdin, instead')
    .addOption(json())
    .action(async (options: LoginOptions) => (await import('./commands/login.ts')).login(options));
}

function addLogout(program: Command): void {
  program
    .command('logout')
    .description('remove the sign-in of a profile, and revoke its tokens')
    .addOption(profileOption('the profile (default: default)'))
    .option('--forget', 'remove the whole profile')
    .addOption(json())
    .action(async (options: LogoutOptions) => (await import('./commands/logout.ts')).logout(options));
}

function addProfiles(program: Command): void {
  program
    .command('profiles')
    .description('list the profiles, without their secrets')
    .addOption(json())
    .action(async (options: ProfilesOptions) => (await import('./commands/profiles.ts')).profiles(options));
}

function addWhoami(program: Command): void {
  const command = program
    .command('whoami')
    .description('show which server and sign-in the other commands use, and whether the server accepts it');
  withServer(command).action(async (options: ServerOptions) => (await import('./commands/whoami.ts')).whoami(options));
}
