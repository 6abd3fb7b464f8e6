import { MLFLOW_ERRORS, mlflowFailureOf } from '@gimbal/contracts';
import { isDomainError } from '@gimbal/domain';
import { describeProblem, translateDatabaseFailure } from '@gimbal/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { MlflowError } from './mlflow-error.js';

/** Answers a failure as MLflow's clients read it. For `setErrorHandler` of every scope that speaks MLflow's protocol. */
export function answerFailure(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  if (reply.raw.headersSent) {
    // Half an answer is out already: breaking the connection is the only way to say that the rest will not come.
    reply.raw.destroy();
    return;
  }
  const { status, body } = failureOf(error, request, reply);
  void reply.status(status).header('content-type', 'application/json; charset=utf-8').send(JSON.stringify(body));
}

function failureOf(error: unknown, request: FastifyRequest, reply: FastifyReply): ReturnType<typeof mlflowFailureOf> {
  if (error instanceof MlflowError) {
    const { errorCode, message } = error;
    return { status: MLFLOW_ERRORS[errorCode], body: { error_code: errorCode, message } };
  }
  const failure = translateDatabaseFailure(error, 'registry');
  const { problem, expected } = describeProblem(failure, request.id);
  if (!expected) request.log.error({ err: error, code: problem.code }, 'request failed');
  if (isDomainError(failure) && failure.retryAfterSeconds > 0)
    void reply.header('retry-after', failure.retryAfterSeconds);
  return mlflowFailureOf(problem);
}
