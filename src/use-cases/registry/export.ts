// Writes the registry as a file that an import reads, page by page.
//
// Invariant: an import of what is written changes nothing here; what a file cannot say is a correction, or told as lost.
import type { TechnicalUser } from '../../domain/account/technical-user.ts';
import type { Registry } from '../../domain/ports/registry.ts';
import {
  type ExportedCorrection,
  type ExportRules,
  exportAccount,
} from '../../domain/registry/export-lines.ts';
import { csvLine } from '../../domain/registry/registration.ts';

/** Some accounts: the lines of the file, without ends, and what stands beside it. */
export interface ExportPage {
  readonly lines: readonly string[];
  readonly corrections: readonly ExportedCorrection[];
  readonly lost: readonly string[];
  /** Retired ones that are not among them. */
  readonly retired: number;
}

interface ExportSource extends ExportRules {
  readonly registry: Pick<Registry, 'everyone' | 'structures'>;
}

/** All technical users in the order in which they were registered; the retired ones only where `all`. */
export async function* exportRegistry(
  { registry, ...rules }: ExportSource,
  { all }: { readonly all: boolean },
): AsyncGenerator<ExportPage> {
  for await (const page of registry.everyone()) {
    const users = all ? page : page.filter(({ retired }) => !retired);
    const known = await registry.structures(siretsOf(users));
    const accounts = users.map((user) => exportAccount(user, known, rules));
    yield {
      lines: accounts.flatMap(({ lines }) => lines.map(csvLine)),
      corrections: accounts.flatMap(({ corrections }) => corrections),
      lost: accounts.flatMap(({ lost }) => lost),
      retired: page.length - users.length,
    };
  }
}

function siretsOf(users: readonly TechnicalUser[]): string[] {
  return [...new Set(users.flatMap(({ home, further }) => [home, ...further].map(({ siret }) => siret)))];
}
