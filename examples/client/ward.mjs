// A ward's program in forty lines: predict patients, report what became of them, ask for an assessment, read the verdict.
// Run it beside `npm start` after the first training:  node examples/client/ward.mjs
// Plain fetch, so that it can be copied anywhere; TypeScript programs take the typed `GimbalClient` of packages/client.
import { readFileSync } from 'node:fs';

const home = process.env.GIMBAL_HOME ?? '.gimbal';
const { gateway } = JSON.parse(readFileSync(`${home}/runtime.json`, 'utf8'));
const keys = JSON.parse(readFileSync(`${home}/credentials.json`, 'utf8'));

async function call(key, method, path, body) {
  const response = await fetch(gateway + path, {
    method,
    headers: { 'x-api-key': key, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer = await response.json();
  // Every failure has a stable code; docs/errors.md says what to do about each.
  if (!response.ok) throw new Error(`${answer.code}: ${answer.detail} (request ${answer.instance})`);
  return answer;
}

const { rows } = JSON.parse(readFileSync(new URL('../requests/predict-rows.json', import.meta.url), 'utf8'));
const from = new Date().toISOString();
const { results } = await call(keys.predictor, 'POST', '/api/v1/models/heart-disease/predict', { rows });
for (const { prediction_id, probability, model_version, warnings } of results) {
  process.stdout.write(
    `${prediction_id}: ${probability.toFixed(3)} by version ${model_version}, ${warnings.length} warnings\n`,
  );
}

// Days later, when the diagnosis is known:
const labels = results.map(({ prediction_id }, index) => ({ prediction_id, actual: index === 0 ? 1 : 0 }));
process.stdout.write(`labels: ${JSON.stringify(await call(keys.predictor, 'POST', '/api/v1/labels', { labels }))}\n`);

const { status_url } = await call(keys.operator, 'POST', '/api/v1/assessments', { model: 'heart-disease', from });
for (let tries = 0; tries < 100; tries++) {
  const assessment = await call(keys.viewer, 'GET', status_url);
  if (assessment.state !== 'pending') {
    process.stdout.write(`${assessment.verdict}: ${assessment.summary}\n`);
    break;
  }
  await new Promise((wait) => setTimeout(wait, 100));
}
