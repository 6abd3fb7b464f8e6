import type { Problem } from '@gimbal/contracts';
import { isDomainError } from '@gimbal/domain';
import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { describeProblem } from './describe-problem.js';

/** Another shape of failures for some paths; undefined keeps problem+json. */
export type RenderProblem = (problem: Problem, path: string) => object | undefined;

/** Answers a failure: RFC 9457 unless the path speaks a foreign protocol. */
export function sendProblem(
  reply: FastifyReply,
  problem: Problem,
  path: string,
  render: RenderProblem | undefined,
): void {
  const foreign = render?.(problem, path);
  const type = foreign ? 'application/json; charset=utf-8' : 'application/problem+json; charset=utf-8';
  // A string bypasses the reply serializers, so the body is exactly this one whatever the route declared.
  void reply
    .status(problem.status)
    .header('content-type', type)
    .send(JSON.stringify(foreign ?? problem));
}

/** The one place where a failure becomes an answer. Bugs are logged with their stack and answered without it. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly render: RenderProblem | undefined;

  constructor(render?: RenderProblem) {
    this.render = render;
  }

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const { problem, expected } = describeProblem(error, request.id);
    if (!expected) request.log.error({ err: error, code: problem.code }, 'request failed');
    if (reply.raw.headersSent) {
      // Half an answer is out already: breaking the connection is the only way to say that the rest will not come.
      reply.raw.destroy();
      return;
    }
    if (isDomainError(error) && error.retryAfterSeconds > 0) void reply.header('retry-after', error.retryAfterSeconds);
    sendProblem(reply, problem, request.url.split('?', 1)[0] ?? '/', this.render);
  }
}
