import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import type { Command } from 'commander';
import { EXIT } from './exit-code.js';
import { buildProgram } from './program.js';

const guide = readFileSync(new URL('../../../../docs/guides/cli.md', import.meta.url), 'utf8');

/** Every command that a person may type, as `gimbal models show`. */
function listCommands(command: Command, path: string): string[] {
  return command
    .createHelp()
    .visibleCommands(command)
    .flatMap((one) => {
      if (one.name() === 'help') return [];
      const own = `${path} ${one.name()}`;
      return [own, ...listCommands(one, own)];
    });
}
const commands = listCommands(buildProgram('0'), 'gimbal');

it.each(commands)('the guide has `%s`', (command) => {
  expect(guide).toMatch(new RegExp(`\`${command}[\` ]`));
});

it('the guide has no command that there is not', () => {
  const shown = [...guide.matchAll(/^\| `(gimbal [a-z -]+?)[`<[]/gm)].map(([, command]) => command!.trim());
  expect(shown.length).toBeGreaterThan(20);
  expect(shown.filter((command) => !commands.includes(command))).toEqual([]);
});

it('the guide has every exit code', () => {
  const shown = [...guide.matchAll(/^\| (\d) \|/gm)].map(([, code]) => Number(code));
  expect(shown).toEqual(Object.values(EXIT));
});
