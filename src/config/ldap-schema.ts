import * as z from 'zod';
import { environmentVariable, oneOf, text, wanted, wholeNumber } from './settings.ts';

/** The name of an entry, as text. Whether there is one, the directory says when the worker starts. */
const entryName = (example: string): z.ZodString =>
  text(`the name of an entry, such as ${example}`, {
    pattern: /^[A-Za-z][A-Za-z0-9-]*=[^,=]+(,\s*[A-Za-z][A-Za-z0-9-]*=[^,=]+)*$/,
    message: 'is no name of an entry',
  });

const ldapUrl = (): z.ZodString =>
  wanted(
    z
      .string()
      .regex(/^ldaps?:\/\//, 'is no address of LDAP')
      .refine((url) => URL.canParse(url) && /^\/?$/.test(new URL(url).pathname), 'is more than an address')
      .refine(
        (url) => !URL.canParse(url) || (new URL(url).username === '' && new URL(url).hostname !== ''),
        'names no server, or holds a name or password',
      ),
    'an address such as ldap://ldap.example.org:389, without name and password',
  );

/** A directory over LDAP, and how it is laid out. The defaults are the layout that CERN's clients know. */
export const ldapSchema = z.object({
  url: ldapUrl(),
  tls: oneOf(['none', 'starttls', 'implicit']).default('starttls'),
  caFile: text('a file with certificates in PEM').optional(),
  bindDn: entryName('cn=lifecycle,ou=Services,dc=example,dc=org'),
  passwordEnv: environmentVariable(),
  usersBase: entryName('ou=Users,dc=example,dc=org').default('OU=Users,OU=Organic Units,DC=cern,DC=ch'),
  groupsBase: entryName('ou=Groups,dc=example,dc=org').default('OU=e-groups,OU=Workgroups,DC=cern,DC=ch'),
  emptyGroupMember: entryName('cn=nobody,dc=example,dc=org').optional(),
  passwordPolicy: entryName('cn=default,ou=Policies,dc=example,dc=org').default(
    'CN=default,OU=Policies,DC=cern,DC=ch',
  ),
  timeoutSeconds: wholeNumber(1, 600, 'seconds').default(10),
  connectTimeoutSeconds: wholeNumber(1, 600, 'seconds').default(10),
  concurrency: wholeNumber(1, 256, 'requests').default(8),
  pageSize: wholeNumber(1, 10_000, 'entries').default(500),
  firstUidNumber: wholeNumber(1000, 2_000_000_000, 'a number').default(100_000),
});
