import { isSpooled, openColumns } from '../data/stored-table.js';
import type { LearningTask } from './learning-task.js';

/** A task whose columns can be read in this thread until it is closed. */
interface OpenedTask {
  readonly task: LearningTask;
  close(): void;
}

/** Opens the columns of a task's dataset that stayed on the disk; those in shared memory came with it. */
export function openTask(task: LearningTask): OpenedTask {
  if (!('dataset' in task) || !isSpooled(task.dataset)) return { task, close: () => undefined };
  const { columns, close } = openColumns(task.dataset, task.dataset.spooled);
  return { task: { ...task, dataset: { ...task.dataset, columns } }, close };
}
