/** The options that filter tickets, for the commands that take a filter. `ticket-filter.ts` reads them. */
import { Option, type Command } from 'commander';
import { StatusCategory, Vendor } from '../schema/__generated__/types.ts';
import { sourceIds, wordsOf } from './arguments.ts';

export const VENDORS = Object.values(Vendor);
export const CATEGORIES = Object.values(StatusCategory);

export function withFilter(command: Command): Command {
  return command
    .addOption(severalOf(new Option('--vendor <name>', 'only tickets of this vendor; repeatable'), VENDORS))
    .option('--source <id>', 'only tickets of this source, e.g. <vendor>@<name>; repeatable', sourceIds)
    .addOption(severalOf(new Option('--category <word>', 'only tickets in this status; repeatable'), CATEGORIES))
    .option('--search <text>', 'only tickets that contain this text')
    .option('--reference <name>', 'only the ticket with this reference')
    .option('--view <name>', "only tickets in this view of the vendor's")
    .option('--archived', 'include archived tickets');
}

/** Commander lists the choices in the help; the parser accepts them case-insensitively. */
export function severalOf(option: Option, words: readonly string[]): Option {
  return option.choices(words).argParser(wordsOf(words));
}
