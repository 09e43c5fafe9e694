// The schema of a connector of Pastell in the file of sinks.
import { z } from 'zod';
import { address, common, connection, secretSource, words } from './sink-fields.ts';

const ADDRESS = 'the https:// address of Pastell itself, without /api';
const ID = 'a whole number from 1: Pastell shows it in the address of the page';

/** What of one account must be said. The ids may not be shared: see the conflicts of sinks. */
const values = z.strictObject({ id_e: z.int(ID).min(1, ID), id_ce: z.int(ID).min(1, ID) });

/** A sink of kind `pastell`; without accounts it serves none, and `releve connectors discover` proposes them. */
export const pastell = z
  .strictObject({
    ...common,
    kind: z.literal('pastell'),
    url: address
      .transform((text) => text.replace(/\/+$/, ''))
      .refine((text) => !/\/api(\/v\d+)?$/.test(text) && !text.includes('?'), ADDRESS),
    token: secretSource,
    user: words('the name of the user for HTTP Basic, whose password token then is', 100)
      .nullable()
      .default(null),
    proof: z.boolean('true or false: whether Pastell’s own test is run after each write').default(true),
    ...connection,
  })
  .superRefine(({ accounts, logins, certFile, keyFile }, context) => {
    if ((certFile === null) !== (keyFile === null)) {
      const lacking = certFile === null ? 'certFile' : 'keyFile';
      context.addIssue({ code: 'custom', path: [lacking], message: 'both certFile and keyFile, or neither' });
    }
    for (const [login, given] of Object.entries(accounts)) {
      const { error } = values.safeParse(given);
      for (const { code, path, message: said } of error?.issues ?? []) {
        const message = code === 'unrecognized_keys' ? 'id_e and id_ce, and no other value' : said;
        context.addIssue({ code: 'custom', path: ['accounts', login, ...path], message });
      }
    }
    for (const login of logins ?? []) {
      if (Object.hasOwn(accounts, login)) continue;
      const message = `id_e and id_ce of each account: ${login} has none`;
      context.addIssue({ code: 'custom', path: ['accounts'], message });
    }
  });

/** What no two accounts and sinks may write: an `id_ce` is one of the whole Pastell, whatever entity it is in. */
export function pastellMarks({ url, accounts }: Pick<z.output<typeof pastell>, 'url' | 'accounts'>) {
  return Object.values(accounts).map(({ id_ce }) => ({
    member: 'accounts',
    mark: `pastell ${new URL(url).href} ${id_ce}`,
  }));
}
