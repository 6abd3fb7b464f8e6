import type { LabelledAnswers } from './labelled-answers.js';
import { measureAnomalies } from './measure-anomalies.js';
import { measureBinary } from './measure-binary.js';
import { measureClasses } from './measure-classes.js';
import { measureRegression } from './measure-regression.js';
import type { TaskMeasurement } from './task-measurement.js';

/** Measures labelled rows as their task asks for: the only place where a judgement of performance depends on the task. */
export function measureAnswers(answers: LabelledAnswers): TaskMeasurement {
  switch (answers.task) {
    case 'binary-classification':
      return measureBinary(answers);
    case 'multiclass-classification':
    case 'text-classification':
      return measureClasses(answers);
    case 'regression':
      return measureRegression(answers);
    case 'anomaly-detection':
      return measureAnomalies(answers);
  }
}
