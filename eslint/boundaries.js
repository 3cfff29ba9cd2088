import { dirname, posix, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * Who may import whom. The first layer whose `of` matches a file is its layer. An import is either a path of this
 * repository (`src/policy/calendar.ts`) or the name of a package (`node:fs`, `zod`); it must match one of `may`,
 * or one of `mayTypes` when it is a type import. A layer without `may` is free but for the bans below.
 */
const PORT = /^src\/connectors\/[^/]+\.ts$/;
const REGISTRY_INTERFACE = /^src\/registry\/((instance|identity|guest|reassignment)-)?registry\.ts$/;
const SHARED = /^src\/([^/]+\.ts$|(config|policies|schedule)\/)/;
const POLICY = /^src\/policy\//;
const CONTRACTS = /^src\/contracts\//;
const MESSAGES = /^workflows\/messages\.ts$/;
const PACKAGE = /^(?!src\/|workflows\/|activities\/|checker\/|test\/|scripts\/|bench\/|@temporalio\/)/;
const TEMPORAL_CLIENT_SIDE = /^@temporalio\/(client|common|envconfig)$/;

const LAYERS = [
  {
    of: /^src\/policy\//,
    may: [POLICY, CONTRACTS],
    why: 'src/policy is pure: it imports src/policy and src/contracts only, so that every rule is a table test in milliseconds and runs unchanged in the workflow sandbox.',
  },
  {
    of: /^src\/contracts\//,
    may: [CONTRACTS],
    why: 'src/contracts imports nothing else: it is what both sides of every boundary share, the workflow sandbox among them.',
  },
  {
    of: /^workflows\//,
    may: [/^workflows\//, POLICY, CONTRACTS, /^@temporalio\/(workflow|common)$/],
    mayTypes: [/^activities\//],
    why: 'workflows hold waiting and ordering only: they import src/policy, src/contracts and @temporalio/workflow, and of activities the types. Anything more lands in the sandbox bundle, breaks replay or multiplies the memory of a cached workflow.',
  },
  {
    of: /^activities\//,
    may: [
      /^activities\//,
      PORT,
      REGISTRY_INTERFACE,
      POLICY,
      CONTRACTS,
      MESSAGES,
      /^src\/notices\//,
      /^src\/(errors|clock|sealing)\.ts$/,
      /^node:/,
      /^@temporalio\/(activity|client|common)$/,
    ],
    mayTypes: [/^src\/logger\.ts$/],
    why: 'activities act through ports: src/connectors/*.ts, src/registry/registry.ts, src/notices, src/policy, src/contracts and src/errors.ts. The adapters are passed in, so that a target can be replaced by another, or by a double, without touching an activity.',
  },
  {
    of: /^src\/api\/main\.ts$/,
    why: '',
  },
  {
    of: /^src\/api\//,
    may: [
      /^src\/api\//,
      CONTRACTS,
      POLICY,
      MESSAGES,
      REGISTRY_INTERFACE,
      SHARED,
      PACKAGE,
      TEMPORAL_CLIENT_SIDE,
      /^src\/links\//,
    ],
    why: 'the API reads the registry through its interface and sends commands to workflows: it imports src/contracts, src/policy, workflows/messages.ts and src/registry/registry.ts. What it acts with is passed in by src/api/main.ts.',
  },
  {
    of: /^src\/cli\/main\.ts$/,
    why: '',
  },
  {
    of: /^src\/cli\//,
    may: [/^src\/cli\//, CONTRACTS, POLICY, MESSAGES, SHARED, PACKAGE, TEMPORAL_CLIENT_SIDE],
    why: 'the CLI talks to the API and to Temporal and never opens the registry (its folder has one owner): it imports src/contracts, src/policy and workflows/messages.ts.',
  },
  {
    of: /^src\/connectors\//,
    may: [/^src\/connectors\//, /^src\/registry\//, CONTRACTS, POLICY, SHARED, PACKAGE],
    why: 'a connector knows one outside system and nothing of Temporal, of workflows or of who calls it.',
  },
  {
    of: /^src\/registry\//,
    // The embedded directory is kept in the registry's own database, so the two are opened together.
    may: [
      /^src\/registry\//,
      /^src\/connectors\/embedded-directory\//,
      PORT,
      CONTRACTS,
      POLICY,
      SHARED,
      PACKAGE,
    ],
    why: 'the registry knows its database and nothing of Temporal, of other adapters or of who calls it.',
  },
  {
    of: /^src\/links\//,
    may: [/^src\/links\//, REGISTRY_INTERFACE, CONTRACTS, POLICY, /^node:/],
    why: 'src/links is what people do by a link in a mail: it reads the registry through its interface, and gets what it acts with passed in.',
  },
  {
    of: /^src\/notices\//,
    may: [/^src\/notices\//, PORT, REGISTRY_INTERFACE, CONTRACTS, POLICY, SHARED, PACKAGE],
    why: 'notices turn facts into mails: they import src/contracts, src/policy and the ports, and leave sending to the mailer that is passed in.',
  },
  {
    of: /^checker\//,
    may: [/^checker\//],
    mayTypes: [],
    why: 'the checker judges what the product did: it imports nothing but itself, not even a type or the calendar, so that a mistake of the product cannot be its own.',
  },
];

/** Imports that are refused in all files but those of `except`, whatever their layer. */
const BANS = [
  {
    target:
      /^src\/(connectors\/[^/]+\/|registry\/(?!((instance|identity|guest|reassignment)-)?registry\.ts$))/,
    except:
      /^(src\/(connectors|registry|worker|demo|dev)\/|src\/(api|cli)\/main\.ts$|test\/|scripts\/|bench\/)/,
    types: true,
    why: 'only entry points (and src/worker, src/demo, src/dev) construct adapters; everything else gets them passed in and knows the port: src/connectors/*.ts, src/registry/registry.ts.',
  },
  {
    target: /^src\/demo\/doubles\//,
    except: /^(src\/(demo|dev)\/|test\/|scripts\/|bench\/)/,
    types: true,
    why: 'doubles of outside systems are for src/demo, src/dev and tests: nothing that runs in production may depend on one.',
  },
  {
    target: /^src\/(demo|dev)\//,
    except: /^(src\/(demo|dev)\/|test\/|scripts\/|bench\/)/,
    types: true,
    why: 'src/demo and src/dev are for trying things out: nothing that runs in production may depend on them.',
  },
  {
    target: /^(test|scripts|bench)\//,
    except: /^(test|scripts|bench)\//,
    types: true,
    why: 'tests, scripts and benchmarks are not shipped: the product must not need them.',
  },
  {
    target: /^checker\//,
    except: /^(checker|test|scripts|bench)\//,
    types: true,
    why: 'the checker is for tests and simulations: a product that asks its own judge is judged by nobody.',
  },
  {
    target: /^@temporalio\/workflow$/,
    except: /^(workflows|test)\//,
    types: false,
    why: '@temporalio/workflow works inside the workflow sandbox only: everything else imports its types, or workflows/messages.ts.',
  },
  {
    target: /^@temporalio\/testing$/,
    except: /^(src\/dev|test|scripts|bench)\//,
    types: true,
    why: '@temporalio/testing is a development dependency: it is not there in production.',
  },
];

const toPosix = (path) => path.split(sep).join(posix.sep);

const rule = {
  meta: {
    type: 'problem',
    schema: [],
    messages: { boundary: '{{imported}} may not be imported here: {{why}}' },
  },
  create(context) {
    const file = toPosix(relative(root, context.filename));
    const layer = LAYERS.find((candidate) => candidate.of.test(file));

    const check = (source, isType) => {
      if (typeof source?.value !== 'string') return;
      const specifier = source.value;
      const imported = specifier.startsWith('.')
        ? toPosix(relative(root, resolve(dirname(context.filename), specifier)))
        : specifier;
      const report = (why) =>
        context.report({ node: source, messageId: 'boundary', data: { imported, why } });

      const allowed = layer?.may && [...layer.may, ...(isType ? (layer.mayTypes ?? []) : [])];
      if (allowed && !allowed.some((pattern) => pattern.test(imported))) return report(layer.why);
      const ban = BANS.find((b) => b.target.test(imported) && !b.except.test(file) && !(isType && !b.types));
      if (ban) report(ban.why);
    };
    // `import { type A }` leaves the import in place under verbatimModuleSyntax, so it is a value import.
    return {
      ImportDeclaration: (node) => check(node.source, node.importKind === 'type'),
      ExportNamedDeclaration: (node) => check(node.source, node.exportKind === 'type'),
      ExportAllDeclaration: (node) => check(node.source, node.exportKind === 'type'),
      ImportExpression: (node) => check(node.source, false),
      TSImportType: (node) => check(node.source ?? node.argument?.literal, true),
    };
  },
};

export default { meta: { name: 'house' }, rules: { boundaries: rule } };
