// Listens to what is said to databases, whichever engine they have.
import { type CompiledQuery, DefaultQueryExecutor } from 'kysely';
import { vi } from 'vitest';

/** Notes every statement to any database until `unsay` is called. */
export function statements() {
  const said: string[] = [];
  const queries: CompiledQuery[] = [];
  const executor = Object.getPrototypeOf(DefaultQueryExecutor.prototype) as DefaultQueryExecutor;
  const real = executor.executeQuery;
  const spy = vi.spyOn(executor, 'executeQuery').mockImplementation(function (
    this: DefaultQueryExecutor,
    ...given
  ) {
    said.push(given[0].sql);
    queries.push(given[0]);
    return real.apply(this, given) as ReturnType<typeof real>;
  });
  return { said, queries, unsay: () => spy.mockRestore() };
}
