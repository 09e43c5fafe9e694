// The table of import rules: what it closes is found, each way built in a small tree, and what it opens is not.
import { expect, it } from 'vitest';
import { measureOf, ONE } from './small-checkout.ts';

const FILES = {
  'src/domain/ports/p.ts': ONE,
  'src/domain/rotation/r.ts': ONE,
  'src/domain/shared/s.ts': ONE,
  'src/foundation/trusted-file.ts': ONE,
  'src/foundation/loop.ts': ONE,
  'src/content/c.ts': ONE,
  'src/use-cases/u.ts': ONE,
  'src/adapters/database/d.ts': ONE,
  'src/config/k.ts': ONE,
  'src/composition/z.ts': ONE,
  'src/simulator/x.ts': ONE,
  'src/demo/y.ts': ONE,
  'src/cli/v.ts': ONE,
};
const value = (to: string) => `import '${to}';\n`;
const type = (to: string) => `import type * as it from '${to}';\n`;
const inlineType = (to: string) => `import { type one } from '${to}';\n`;

/** The faults of a file with this import; where it stands is written as the path from `src/`. */
const faultsOf = (from: string, text: string) =>
  measureOf('arrows up', { ...FILES, [`src/${from}`]: text }).faults;

it.each([
  ['domain/shared/a.ts', value('../rotation/r.ts')],
  ['domain/rotation/a.ts', type('../ports/p.ts')],
  ['domain/shared/a.ts', value('../../foundation/loop.ts')],
  ['domain/shared/a.ts', value('node:crypto')],
  ['domain/shared/a.ts', type('zod')],
  ['foundation/a.ts', value('../domain/shared/s.ts')],
  ['foundation/a.ts', value('zod')],
  ['foundation/a.ts', value('../config/k.ts')],
  ['domain/shared/a.ts', value('../../config/k.ts')],
  ['system/a.ts', value('../composition/z.ts')],
  ['content/a.ts', value('../adapters/database/d.ts')],
  ['adapters/web/a.ts', value('../database/d.ts')],
  ['content/a.ts', value('../foundation/trusted-file.ts')],
  ['use-cases/a.ts', value('../foundation/trusted-file.ts')],
  ['use-cases/a.ts', value('../adapters/database/d.ts')],
  ['use-cases/a.ts', value('node:crypto')],
  ['use-cases/a.ts', value('../composition/z.ts')],
  ['adapters/smtp/a.ts', value('../database/d.ts')],
  ['adapters/smtp/a.ts', value('../../config/k.ts')],
  ['adapters/smtp/a.ts', type('../../use-cases/u.ts')],
  ['adapters/web/a.ts', value('../../use-cases/u.ts')],
  ['adapters/web/a.ts', inlineType('../../use-cases/u.ts')],
  ['config/a.ts', value('../domain/shared/s.ts')],
  ['config/a.ts', "export { one } from '../domain/shared/s.ts';\n"],
  ['composition/a.ts', value('../cli/v.ts')],
  ['composition/a.ts', "export const a = () => import('../simulator/x.ts');\n"],
  ['cli/admin/a.ts', value('../../use-cases/u.ts')],
  ['cli/admin/a.ts', value('../../adapters/database/d.ts')],
  ['cli/admin/a.ts', value('../../demo/y.ts')],
  ['simulator/a.ts', value('../domain/shared/s.ts')],
  ['simulator/a.ts', "export type A = import('../domain/shared/s.ts').A;\n"],
  ['demo/a.ts', value('../cli/v.ts')],
])('%s may not: %s', (from, text) => {
  expect(faultsOf(from, text)).toHaveLength(1);
});

it.each([
  ['domain/ports/a.ts', value('../rotation/r.ts')],
  ['domain/rotation/a.ts', value('../shared/s.ts') + value('./r.ts')],
  ['foundation/a.ts', value('node:fs')],
  [
    'use-cases/a.ts',
    value('../foundation/loop.ts') + value('../content/c.ts') + value('../domain/ports/p.ts'),
  ],
  ['adapters/smtp/a.ts', value('../../foundation/trusted-file.ts') + value('zod') + value('node:net')],
  ['adapters/web/a.ts', type('../../use-cases/u.ts') + value('../../content/c.ts')],
  ['config/a.ts', type('../domain/shared/s.ts')],
  ['composition/a.ts', value('../adapters/database/d.ts') + value('../use-cases/u.ts')],
  ['cli/admin/a.ts', value('../v.ts') + type('../../use-cases/u.ts') + value('../../composition/z.ts')],
  ['cli/daemon/demo.ts', value('../../demo/y.ts') + value('../../simulator/x.ts')],
  ['demo/a.ts', value('../simulator/x.ts') + value('../composition/z.ts')],
  ['main.ts', value('./cli/v.ts')],
])('%s may: %s', (from, text) => {
  expect(faultsOf(from, text)).toEqual([]);
});
