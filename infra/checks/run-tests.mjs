// `npm test`: every suite of the repository in one jest run; its own report gives the last line.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const place = mkdtempSync(join(tmpdir(), 'gimbal-tests-'));
const report = join(place, 'report.json');
const args = [
  '--experimental-vm-modules',
  '--disable-warning=ExperimentalWarning',
  'node_modules/jest/bin/jest.js',
  '--json',
  `--outputFile=${report}`,
  ...process.argv.slice(2),
];
const child = spawn(process.execPath, args, { cwd: root, stdio: ['inherit', 'ignore', 'inherit'] });
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('close', (code) => {
  let status = code ?? 1;
  try {
    const { numPassedTests, numFailedTests, numPendingTests, numRuntimeErrorTestSuites } = JSON.parse(
      readFileSync(report, 'utf8'),
    );
    // A suite that could not even be loaded has no tests to count: it is a failure all the same.
    const failed = numFailedTests + numRuntimeErrorTestSuites;
    process.stdout.write(`${numPassedTests} passed, ${failed} failed, ${numPendingTests} skipped\n`);
    if (failed > 0 || numPassedTests === 0) status ||= 1;
  } catch (error) {
    process.stderr.write(`jest left no report: ${error}\n`);
    status ||= 1;
  }
  rmSync(place, { recursive: true, force: true });
  process.exit(status);
});
