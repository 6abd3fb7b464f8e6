import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

async function isRunning(program: string): Promise<boolean> {
  return run(program, ['-c', 'import venv, ensurepip']).then(
    () => true,
    () => false,
  );
}

/**
 * A Python that has the libraries of `requirements/SET.txt`: that of `BENCH_PYTHON_SET`, or one in a virtual environment in `folder` that is
 * made once.
 *
 * @param say told what takes long, and what is missing
 * @returns the interpreter's path; null when there is no Python, or the libraries could not be fetched
 * @throws Error when the Python that was named does not run
 */
export async function findPython(
  folder: string,
  set: 'learning' | 'serving' | 'mlserver' | 'mlflow',
  say: (line: string) => void,
): Promise<string | null> {
  const variable = `BENCH_PYTHON_${set.toUpperCase()}`;
  const given = process.env[variable];
  if (given) {
    await run(given, ['--version']).catch((cause: unknown) => {
      throw new Error(`${variable} names a program that does not run: ${given}`, { cause });
    });
    return given;
  }
  if (!(await isRunning('python3'))) {
    say('No python3 with the modules venv and ensurepip was found: our figures come without references.');
    return null;
  }
  const requirements = new URL(`../requirements/${set}.txt`, import.meta.url).pathname;
  const environment = join(folder, 'venv', set);
  const python = join(environment, 'bin/python');
  const stamp = join(environment, 'requirements.sha256');
  const digest = createHash('sha256')
    .update(await readFile(requirements))
    .digest('hex');
  if ((await readFile(stamp, 'utf8').catch(() => '')) === digest) return python;
  say(`Installing the Python references into ${environment} (a minute or two, once) ...`);
  try {
    await rm(environment, { recursive: true, force: true });
    await run('python3', ['-m', 'venv', environment]);
    await run(python, ['-m', 'pip', 'install', '--quiet', '--requirement', requirements], { maxBuffer: 1 << 26 });
    await writeFile(stamp, digest);
    return python;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    say(`The Python references could not be installed: our figures come without them. ${reason}`);
    return null;
  }
}
