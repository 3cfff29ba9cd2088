import { Command } from 'commander';
import { expect, it } from 'vitest';
import { configOf, type CliSurroundings } from '../../src/cli/deployment.ts';
import { addFreezeCommands } from '../../src/cli/freeze-command.ts';
import { addPlanCommand } from '../../src/cli/plan-command.ts';
import { addReconcileCommand } from '../../src/cli/reconcile-command.ts';
import { addScheduleCommand } from '../../src/cli/schedule-command.ts';
import { addSyncCommand } from '../../src/cli/sync-command.ts';
import { loadConfig } from '../../src/config.ts';
import { createLogger } from '../../src/logger.ts';

/** With two things that had better be otherwise, one of them a password. */
const text = `fallbackOwner: '900001'
admins: [admins@example.org]
serviceDesk: desk@example.org
mail: { host: smtp.example.org, from: lifecycle@example.org }
logins: { mailDomain: example.org }
temporal: { address: "127.0.0.1:9" }
indigoIam: { url: https://iam.example.org, clientId: lifecycle, clientSecretEnv: IAM_SECRET }
cern:
  experiment-name: CMS
  hr-api: { url: https://hr.example.org, username: lifecycle, password: canary }
  task: { enabled: true }
  on-participation-not-found: disable_user
`;

const STOPPED = new Error('stopped before it reached the deployment');

interface Said {
  readonly progress: string[];
  readonly printed: string[];
}

function surroundingsOf(said: Said): CliSurroundings {
  return {
    env: {},
    signal: AbortSignal.abort(STOPPED),
    logger: createLogger({ level: 'error' }),
    readConfig: (fileName) => loadConfig({ text, fileName, env: { IAM_SECRET: 'iam-canary' } }),
    print: (line) => said.printed.push(line),
    progress: (line) => said.progress.push(line),
  };
}

const WARNINGS = [
  expect.stringMatching(/^site\.yaml: cern\.task\.enabled is true/),
  expect.stringMatching(/^site\.yaml: the password of HR stands in the file/),
];
const WHO = ['--actor', 'admin-7', '--reason', 'a ticket'];

it.each([
  [['sync']],
  [['plan', 'list']],
  [['plan', 'show']],
  [['plan', 'approve', 'a-plan', ...WHO]],
  [['plan', 'reject', 'a-plan', ...WHO]],
  [['freeze', ...WHO]],
  [['unfreeze', ...WHO]],
  [['frozen']],
  [['schedule', 'apply']],
  [['reconcile']],
])(
  '%j says once, apart from its result, what had better be otherwise in the configuration',
  async (words) => {
    const said: Said = { progress: [], printed: [] };
    const surroundings = surroundingsOf(said);
    const program = new Command();
    addSyncCommand(program, surroundings);
    addPlanCommand(program, surroundings);
    addFreezeCommands(program, surroundings);
    addScheduleCommand(program, surroundings);
    addReconcileCommand(program, { ...surroundings, setExitCode: () => undefined });
    const args = [...words, '--config', 'site.yaml'];
    await expect(program.parseAsync(args, { from: 'user' })).rejects.toBe(STOPPED);
    expect(said).toEqual({ progress: WARNINGS, printed: [] });
    expect(said.progress.join()).not.toContain('canary');
  },
);

it('a configuration with nothing to warn of says nothing', () => {
  const said: Said = { progress: [], printed: [] };
  const well = text
    .replace('password: canary', 'password: "${PW}"')
    .replace('enabled: true', 'enabled: false');
  const env = { IAM_SECRET: 'iam-canary', PW: 'canary' };
  const readConfig = (fileName: string) => loadConfig({ text: well, fileName, env });
  configOf({ ...surroundingsOf(said), readConfig }, 'site.yaml');
  expect(said).toEqual({ progress: [], printed: [] });
});
