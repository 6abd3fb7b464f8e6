// Writes the secrets that docker-compose.yml asks for: `node infra/docker/write-env.mjs > .env`. Keep the file; the database remembers its passwords.
import { createHash, randomBytes } from 'node:crypto';

const secret = () => randomBytes(32).toString('hex');
const sha256 = (text) => createHash('sha256').update(text).digest('hex');
const lines = ['# Secrets of one Gimbal installation. Not for version control.'];

lines.push(`POSTGRES_PASSWORD=${secret()}`, `REDIS_PASSWORD=${secret()}`, `WEBHOOK_SECRET_KEY=${secret()}`);
for (const service of ['GATEWAY', 'SERVING', 'TRAINING', 'REGISTRY', 'MONITORING', 'AGENT']) {
  const key = secret();
  lines.push(
    `DATABASE_PASSWORD_${service}=${secret()}`,
    `SERVICE_KEY_${service}=${key}`,
    `SERVICE_KEY_SHA256_${service}=${sha256(key)}`,
  );
}
const keys = ['viewer', 'predictor', 'operator', 'approver', 'admin'].map((role) => [
  role,
  `gimbal-${role}-${secret()}`,
]);
for (const [role, key] of keys) lines.push(`API_KEY_${role.toUpperCase()}=${key}`);
// Only the hashes reach the gateway.
lines.push(`ML_API_KEYS=${keys.map(([role, key]) => `${role}:${sha256(key)}:${role}`).join(',')}`);
process.stdout.write(`${lines.join('\n')}\n`);
