let turn: Promise<void> | undefined;

/**
 * Resolves when all that has arrived in this turn of the event loop has been looked at, for all who wait at once. What is answered then is
 * answered together: it goes into the prediction log by one write.
 */
export function endOfTurn(): Promise<void> {
  turn ??= new Promise((resolve) => {
    setImmediate(() => {
      turn = undefined;
      resolve();
    });
  });
  return turn;
}
