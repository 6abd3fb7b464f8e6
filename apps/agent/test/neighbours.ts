import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  AdjustThreshold,
  Alert,
  DataValidation,
  encodeWire,
  GeneratedReport,
  GenerateReport,
  Model,
  PromoteVersion,
  Promotion,
  RaiseAlert,
  RollbackModel,
  ServedModels,
  ThresholdAdjustment,
  ValidateData,
} from '@gimbal/contracts';
import type { PrismaClient } from '@gimbal/db';
import type { z } from 'zod';
import { moveLive, showVersion } from './versions.js';

/** Something that really happened outside: repeats of a decision do not add to it. */
interface Effect {
  readonly kind: 'promote' | 'rollback' | 'threshold' | 'alert' | 'report' | 'validation';
  readonly decisionId: string;
  readonly model: string;
}

/** How the other services behave; a test changes it as it goes. */
interface Weather {
  /** Answers 503 to everything. */
  isDown: boolean;
  /** Serving alone answers 503. */
  servingIsDown: boolean;
  /** The effect happens, and then the connection breaks before the answer: so many times. */
  lostAnswers: number;
  /** Models of which serving keeps answering with the version it had. */
  readonly stuck: Set<string>;
}

/** The edges of registry, monitoring and serving that the agent touches, on real HTTP, with the promises that they give: one effect per decision. */
export interface Neighbours {
  readonly url: string;
  readonly weather: Weather;
  readonly effects: Effect[];
  /** Calls in all, repeats included. */
  readonly calls: string[];
  served(model: string): number | undefined;
  serve(model: string, version: number): void;
  close(): Promise<void>;
}

type Reply = { readonly status?: number; readonly code?: string; readonly json?: unknown };
const problem = (status: number, code: string): Reply => ({ status, code });

export async function startNeighbours(rows: PrismaClient): Promise<Neighbours> {
  const weather: Weather = { isDown: false, servingIsDown: false, lostAnswers: 0, stuck: new Set() };
  const town = new Town(rows, weather);
  const server = createServer((request, response) => void town.answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // it listens on TCP
  return {
    url: `http://127.0.0.1:${port}`,
    weather,
    effects: town.effects,
    calls: town.calls,
    served: (model) => town.serving.get(model),
    serve: (model, version) => void town.serving.set(model, version),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

class Town {
  readonly effects: Effect[] = [];
  readonly calls: string[] = [];
  readonly serving = new Map<string, number>();
  private readonly thresholds = new Map<string, number>();
  private readonly done = new Map<string, unknown>();

  constructor(
    private readonly rows: PrismaClient,
    private readonly weather: Weather,
  ) {}

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer); // no encoding is set, so chunks are buffers
    const text = Buffer.concat(chunks).toString('utf8');
    const path = (request.url ?? '').split('?')[0] ?? '';
    this.calls.push(`${request.method} ${path}`);
    const before = this.effects.length;
    const reply = this.weather.isDown
      ? problem(503, 'service-unavailable')
      : await this.route(`${request.method} ${path}`, text === '' ? undefined : JSON.parse(text));
    if (this.effects.length > before && this.weather.lostAnswers > 0) {
      this.weather.lostAnswers -= 1;
      request.socket.destroy();
      return;
    }
    const { status = 200, code } = reply;
    const body =
      code === undefined
        ? reply.json
        : { type: 'about:blank', title: code, status, detail: code, code, instance: 'test' };
    response.writeHead(status, {
      'content-type': code === undefined ? 'application/json' : 'application/problem+json',
    });
    response.end(JSON.stringify(body));
  }

  private async route(call: string, body: unknown): Promise<Reply> {
    const [, model = ''] = /\/models\/([a-z0-9-]+)/.exec(call) ?? [];
    const version = Number(/\/versions\/(\d+)/.exec(call)?.[1]);
    if (call.endsWith('/promote')) return await this.promote(model, version, PromoteVersion.parse(body));
    if (call.endsWith('/rollback')) return await this.rollBack(model, RollbackModel.parse(body));
    if (call.endsWith('/threshold')) return await this.adjust(model, version, AdjustThreshold.parse(body));
    if (call === 'POST /internal/alerts') return await this.alert(RaiseAlert.parse(body));
    if (call === 'POST /internal/reports') return await this.report(GenerateReport.parse(body));
    if (call === 'POST /internal/data-validations') return this.validate(ValidateData.parse(body));
    if (call === 'GET /internal/models')
      return this.weather.servingIsDown ? problem(503, 'service-unavailable') : { json: this.showServed() };
    if (call.startsWith('GET /api/v1/models/')) return await this.show(model, version);
    return problem(404, 'route-not-found');
  }

  private async promote(model: string, version: number, asked: z.output<typeof PromoteVersion>): Promise<Reply> {
    const { decisionId, expectedLiveVersion } = asked;
    return await this.once(`promote:${decisionId}`, async () => {
      const live = await this.live(model);
      if (live !== expectedLiveVersion) return problem(409, 'promotion-conflict');
      this.effects.push({ kind: 'promote', decisionId, model });
      return { json: await this.move(model, { kind: 'promote', from: live, to: version, decisionId }) };
    });
  }

  private async rollBack(model: string, asked: z.output<typeof RollbackModel>): Promise<Reply> {
    const { decisionId, expectedLiveVersion, toVersion } = asked;
    return await this.once(`rollback:${decisionId}`, async () => {
      const live = await this.live(model);
      if (live !== expectedLiveVersion || toVersion === undefined) return problem(409, 'promotion-conflict');
      this.effects.push({ kind: 'rollback', decisionId, model });
      return { json: await this.move(model, { kind: 'rollback', from: live, to: toVersion, decisionId }) };
    });
  }

  private async adjust(model: string, version: number, asked: z.output<typeof AdjustThreshold>): Promise<Reply> {
    const { decisionId, threshold, expectedThreshold, reason } = asked;
    return await this.once(`threshold:${decisionId}`, async () => {
      this.effects.push({ kind: 'threshold', decisionId, model });
      const at = new Date();
      await this.rows.thresholdAdjustment.create({
        data: {
          decisionId,
          modelName: model,
          version,
          fromThreshold: expectedThreshold,
          toThreshold: threshold,
          reason,
          decidedBy: 'agent',
          createdAt: at,
        },
      });
      if (!this.weather.stuck.has(model)) this.thresholds.set(model, threshold);
      const adjusted = {
        decisionId,
        modelName: model,
        version,
        from: expectedThreshold,
        to: threshold,
        at: at.toISOString(),
      };
      return { json: encodeWire(ThresholdAdjustment, adjusted) };
    });
  }

  private async alert(asked: z.output<typeof RaiseAlert>): Promise<Reply> {
    const { decisionId, modelName, alertType, severity, title, message, dedupKey } = asked;
    return await this.once(`alert:${decisionId}`, async () => {
      this.effects.push({ kind: 'alert', decisionId, model: modelName ?? '' });
      const data = { alertType, severity, title, message, dedupKey: `${dedupKey}:${decisionId}`, modelName };
      const { id, createdAt, lastSeenAt } = await this.rows.alert.create({ data });
      const shown = { id, alertType, severity, modelName, title, message, status: 'active' as const, occurrences: 1 };
      const nobody = { acknowledgedBy: null, resolvedBy: null, resolvedAt: null, resolutionNotes: null };
      const times = { createdAt: createdAt.toISOString(), lastSeenAt: lastSeenAt.toISOString() };
      return { json: encodeWire(Alert, { ...shown, ...nobody, ...times }) };
    });
  }

  private async report({ assessmentId, decisionId }: z.output<typeof GenerateReport>): Promise<Reply> {
    const assessment = await this.rows.healthAssessment.findUniqueOrThrow({ where: { id: assessmentId } });
    return await this.once(`report:${decisionId}`, async () => {
      const { modelName, modelId, modelVersion } = assessment;
      this.effects.push({ kind: 'report', decisionId, model: modelName });
      const { id } = await this.rows.driftReport.create({
        data: {
          assessmentId,
          modelId: modelId ?? '',
          modelName,
          modelVersion: modelVersion ?? 0,
          driftDetected: true,
          driftScore: 0.7,
          driftedFeatures: [],
          details: {},
          rows: 294,
          referenceRows: 212,
          reportPath: `${assessmentId}.html`,
        },
      });
      return {
        json: encodeWire(GeneratedReport, { reportUrl: `/api/v1/drift-reports/${id}.html`, driftReportId: id }),
      };
    });
  }

  private validate({ assessmentId, decisionId }: z.output<typeof ValidateData>): Reply {
    this.effects.push({ kind: 'validation', decisionId, model: assessmentId });
    const findings = [{ code: 'stuck', feature: 'chol', severity: 'fault', message: 'chol: 0 in every row' }];
    const at = new Date().toISOString();
    return { json: encodeWire(DataValidation, { assessmentId, verdict: 'fault', findings, rows: 123, at }) };
  }

  private async show(model: string, version: number): Promise<Reply> {
    if (!Number.isNaN(version)) {
      const row = await this.rows.modelVersion.findFirst({ where: { modelName: model, version } });
      return row ? { json: showVersion(row) } : problem(404, 'version-not-found');
    }
    const liveVersion = await this.live(model);
    const shown = { name: model, description: '', liveVersion, latestVersion: liveVersion, versions: 1, aliases: {} };
    return { json: encodeWire(Model, { ...shown, createdAt: new Date().toISOString() }) };
  }

  private showServed(): unknown {
    const models = [...this.serving].map(([modelName, liveVersion]) => ({
      modelName,
      liveVersion,
      threshold: this.thresholds.get(modelName) ?? 0.45,
      loadedVersions: [liveVersion],
    }));
    return encodeWire(ServedModels, models);
  }

  /** The first answer to a decision is the answer to all its repeats; a refusal is not kept. */
  private async once(key: string, work: () => Promise<Reply>): Promise<Reply> {
    if (this.done.has(key)) return { json: this.done.get(key) };
    const reply = await work();
    if (reply.code === undefined) this.done.set(key, reply.json);
    return reply;
  }

  private async live(model: string): Promise<number | null> {
    const row = await this.rows.modelVersion.findFirst({ where: { modelName: model, isActive: true } });
    return row?.version ?? null;
  }

  private async move(
    model: string,
    {
      kind,
      from,
      to,
      decisionId,
    }: { kind: 'promote' | 'rollback'; from: number | null; to: number; decisionId: string },
  ): Promise<unknown> {
    const at = new Date();
    await this.rows.modelVersion.updateMany({ where: { modelName: model }, data: { isActive: false } });
    await this.rows.modelVersion.updateMany({ where: { modelName: model, version: to }, data: { isActive: true } });
    await moveLive(this.rows, { model, from, to, decisionId });
    await this.rows.promotion.create({
      data: {
        decisionId,
        kind,
        modelName: model,
        stage: 'production',
        fromVersion: from,
        toVersion: to,
        requestHash: '',
        reason: 'test',
        decidedBy: 'agent',
        createdAt: at,
      },
    });
    if (!this.weather.stuck.has(model)) this.serving.set(model, to);
    const moved = {
      decisionId,
      modelName: model,
      kind,
      stage: 'production' as const,
      fromVersion: from,
      toVersion: to,
    };
    return encodeWire(Promotion, { ...moved, forced: false, at: at.toISOString() });
  }
}
