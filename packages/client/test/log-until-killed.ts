// A program that logs until it is killed, and writes down what was acknowledged. Arguments: folder of the buffer, that file, address, key.
import { appendFileSync } from 'node:fs';
import { ExperimentManager } from '../src/index.js';

const [offlineDir = '', acknowledged = '', url = '', apiKey = ''] = process.argv.slice(2);
const manager = new ExperimentManager({ registry: { url, apiKey }, experimentName: 'killed', offlineDir });
const run = manager.startRun({ name: 'killed' });
const say = (line: string): void => appendFileSync(acknowledged, `${line}\n`);
say(run.id);
for (let step = 0; ; step++) {
  run.logMetric('loss', 1 / (step + 1), step);
  say(String(step));
  if (step % 50 === 0) await new Promise(setImmediate); // lets what is sent in the background go on
}
