// The conformance suite against a real platform, by someone who has an account there: npm run conformance, see docs/CONFORMANCE.md.
import { writeFile } from 'node:fs/promises';
import { conformance } from './conformance.ts';
import type { Need } from './fact.ts';
import { targetFromEnvironment } from './from-environment.ts';

// Read while the tests are collected: without its variables nothing runs, and the run fails saying which.
const target = targetFromEnvironment(process.env);
const has: readonly Need[] = [
  ...(target.otherApiUrl === null ? [] : ['other world' as const]),
  ...(target.account.siret === null ? [] : ['siret' as const]),
];

conformance(
  `the platform at ${new URL(target.apiUrl).host}`,
  { isStrict: false, has },
  async () => ({ target }),
  async ({ report }) => {
    process.stdout.write(`\n${report}\n`);
    const file = process.env.CONFORMANCE_REPORT ?? '';
    if (file !== '') await writeFile(file, report);
  },
);
