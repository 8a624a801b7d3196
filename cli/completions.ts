/** Generates shell completion scripts for commands, options and their choices from the command tree. */
import type { Command, Option } from 'commander';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;

export type Shell = (typeof SHELLS)[number];

/** The parts of a command that completion needs. */
interface Entry {
  readonly name: string;
  readonly description: string;
  readonly options: readonly Option[];
  /** Choices of its first argument, or the names of its own commands. Empty if any value is allowed. */
  readonly choices: readonly string[];
}

export function completionScript(shell: Shell, program: Command): string {
  const entries = program.commands.map((command): Entry => ({
    name: command.name(),
    description: command.description(),
    options: optionsOf(command),
    choices: choicesOf(command),
  }));
  return SCRIPTS[shell](program.name(), entries);
}

/** A command with commands of its own has the options of all of them. */
function optionsOf(command: Command): readonly Option[] {
  const all = [command, ...command.commands].flatMap((one) => one.createHelp().visibleOptions(one));
  return [...new Map(all.map((option) => [option.long, option])).values()];
}

function choicesOf({ commands, registeredArguments }: Command): readonly string[] {
  return commands.length > 0 ? commands.map((one) => one.name()) : (registeredArguments[0]?.argChoices ?? []);
}

const SCRIPTS: Readonly<Record<Shell, (program: string, entries: readonly Entry[]) => string>> = {
  bash: bashScript,
  /** zsh runs bash's completions. https://zsh.sourceforge.io/Doc/Release/Completion-System.html */
  zsh: (program, entries) =>
    ['autoload -Uz compinit bashcompinit', 'compinit', 'bashcompinit', bashScript(program, entries)].join('\n'),
  fish: fishScript,
};

/**
 * The first word that is not an option is the command. After an option with choices, completes these; otherwise the
 * command's options and the choices of its first argument.
 * https://www.gnu.org/software/bash/manual/html_node/Programmable-Completion.html
 */
function bashScript(program: string, entries: readonly Entry[]): string {
  const name = `_${program.replaceAll('-', '_')}`;
  return `${name}() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" command='' words='' word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in -*) ;; *) command="$word"; break ;; esac
  done
  case "$command $previous" in
${choiceCases(entries)}
    *)
      case "$command" in
        '') words='${[...entries.map((entry) => entry.name), '--help', '--version'].join(' ')}' ;;
${entries.map((entry) => `        ${entry.name}) words='${wordsOf(entry).join(' ')}' ;;`).join('\n')}
      esac ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -F ${name} ${program}`;
}

/** An option without choices takes a free value, so nothing is completed after it. */
function choiceCases(entries: readonly Entry[]): string {
  return entries
    .flatMap(({ name, options }) =>
      options
        .filter((option) => option.required)
        .map((option) => `    '${name} ${option.long ?? ''}') words='${(option.argChoices ?? []).join(' ')}' ;;`),
    )
    .join('\n');
}

function wordsOf({ options, choices }: Entry): string[] {
  return [...choices, ...options.map(({ long }) => long ?? '')];
}

/** https://fishshell.com/docs/current/cmds/complete.html */
function fishScript(program: string, entries: readonly Entry[]): string {
  const lines = entries.flatMap(({ name, description, options, choices }) => {
    const inCommand = `complete -c ${program} -n '__fish_seen_subcommand_from ${name}'`;
    return [
      `complete -c ${program} -n __fish_use_subcommand -f -a ${name} -d ${quote(description)}`,
      ...(choices.length > 0 ? [`${inCommand} -f -a ${quote(choices.join(' '))}`] : []),
      ...options.map((option) => `${inCommand} ${fishOption(option)}`),
    ];
  });
  return lines.join('\n');
}

function fishOption({ long, description, required, argChoices }: Option): string {
  const values = required ? [`-x${argChoices ? ` -a ${quote(argChoices.join(' '))}` : ''}`] : [];
  return [`-l ${(long ?? '').replace('--', '')}`, ...values, `-d ${quote(description)}`].join(' ');
}

function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
