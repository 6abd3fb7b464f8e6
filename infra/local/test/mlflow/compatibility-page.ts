import { DIFFERENCES } from './differences.js';
import type { MlflowClient } from './workflow.js';

/** `docs/mlflow-compatibility.md`: what the workflow found, feature by feature. */
export function writeCompatibilityPage(clients: readonly MlflowClient[]): string {
  const areas = Map.groupBy(allFeatures(clients), (feature) => feature.slice(0, feature.indexOf(':')));
  const head = clients.map(({ version }) => `Client ${version}`);
  const sections = [...areas].map(([area, features]) =>
    [
      `## ${area[0]?.toUpperCase()}${area.slice(1)}`,
      '',
      `| Feature | ${head.join(' | ')} |`,
      `|---${'|---'.repeat(clients.length)}|`,
      ...features.map((feature) => `| ${feature.slice(area.length + 2)} | ${cellsOf(feature, clients).join(' | ')} |`),
    ].join('\n'),
  );
  return `${INTRODUCTION}\n\n${sections.join('\n\n')}\n\n${REASONS}\n`;
}

const allFeatures = (clients: readonly MlflowClient[]): readonly string[] =>
  [...new Set(clients.flatMap(({ features }) => features))].sort();

const cellsOf = (feature: string, clients: readonly MlflowClient[]): readonly string[] =>
  clients.map((client) => {
    if (!client.features.includes(feature)) return 'not in this client';
    return DIFFERENCES[feature] === undefined ? 'equal' : 'differs';
  });

const INTRODUCTION = `# MLflow compatibility

Unmodified MLflow clients for Python run one workflow against Gimbal and against a real MLflow server of their own version, and the results
are compared value by value. This page is written by that run: \`npx jest infra/local/test/mlflow-compatibility\` fails when it is not what
the run finds, and writes it anew with \`GIMBAL_WRITE_DOCS=1\` (it wants \`GIMBAL_MLFLOW2_PYTHON\` and \`GIMBAL_MLFLOW3_PYTHON\`, each a Python
with mlflow, scikit-learn, skl2onnx and onnxruntime). The workflow is in \`infra/local/test/mlflow/\`.

*equal*: the client got the same from both servers, also where both refuse. *differs*: see the end of the page.`;

const REASONS = [
  '## What differs, and why',
  '',
  '| Feature | Why |',
  '|---|---|',
  ...Object.entries(DIFFERENCES).map(([feature, why]) => `| ${feature} | ${why} |`),
].join('\n');
