import { Argument, type Command } from 'commander';

/** What each shell runs; all ask the program itself, so that what they complete is what there is. */
const SCRIPTS = {
  bash: `_gimbal() {
  local IFS=$'\\n'
  COMPREPLY=($(gimbal complete-words -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _gimbal gimbal
`,
  zsh: `#compdef gimbal
_gimbal() {
  local -a words_found
  words_found=("\${(@f)$(gimbal complete-words -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  compadd -a words_found
}
compdef _gimbal gimbal
`,
  fish: `complete -c gimbal -f -a '(gimbal complete-words -- (commandline -opc)[2..] (commandline -ct) 2>/dev/null)'
`,
} as const;

/** Adds `gimbal completion <shell>`, and the hidden command that the shells ask. */
export function addCompletionCommands(program: Command, terminal: { write(text: string): unknown }): void {
  program
    .command('completion')
    .description('print the script that completes commands in a shell, e.g. `source <(gimbal completion bash)`')
    .addArgument(new Argument('<shell>').choices(Object.keys(SCRIPTS)))
    .action((shell: keyof typeof SCRIPTS) => {
      terminal.write(SCRIPTS[shell]);
    });
  program.command('complete-words [words...]', { hidden: true }).action((words: readonly string[]) => {
    terminal.write(
      completeWords(program, words)
        .map((word) => `${word}\n`)
        .join(''),
    );
  });
}

/** Commands and options that the last word may become. @param words what stands after the program's name */
export function completeWords(program: Command, words: readonly string[]): readonly string[] {
  const begun = words.at(-1) ?? '';
  let command = program;
  for (const word of words.slice(0, -1)) command = command.commands.find((one) => one.name() === word) ?? command;
  const help = command.createHelp();
  const candidates = begun.startsWith('-')
    ? [
        ...help.visibleOptions(command),
        ...help.visibleGlobalOptions(command),
        ...(command === program ? [] : program.options),
      ].flatMap(({ long }) => long ?? [])
    : help.visibleCommands(command).map((one) => one.name());
  return [...new Set(candidates)].filter((candidate) => candidate.startsWith(begun)).sort();
}
