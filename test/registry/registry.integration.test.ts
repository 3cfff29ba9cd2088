import { afterAll, beforeAll, describe } from 'vitest';
import { accountSuite } from './suites/account-suite.ts';
import { alarmSuite } from './suites/alarm-suite.ts';
import { auditSuite } from './suites/audit-suite.ts';
import { backends, openBackend, type OpenBackend, type RunningBackend } from './suites/backend.ts';
import { deploymentSuite } from './suites/deployment-suite.ts';
import { directorySuite } from './suites/directory-suite.ts';
import { effectSuite } from './suites/effect-suite.ts';
import { migrationSuite } from './suites/migration-suite.ts';
import { noticeSuite } from './suites/notice-suite.ts';
import { ownershipSuite } from './suites/ownership-suite.ts';
import { personSuite } from './suites/person-suite.ts';
import { projectionSuite } from './suites/projection-suite.ts';
import { transactionSuite } from './suites/transaction-suite.ts';

describe.each(backends)('the registry on %s', (_title, backend) => {
  describe.skipIf(backend.skipped !== null)('keeps its rules', () => {
    let running: RunningBackend;
    let opened: OpenBackend;

    beforeAll(async () => {
      running = await backend.start();
      opened = await openBackend(await running.createLocation());
    });
    afterAll(async () => {
      await opened.database.close();
      await running.close();
    });

    const use = (): OpenBackend => opened;
    personSuite(use);
    accountSuite(use);
    projectionSuite(use);
    ownershipSuite(use);
    effectSuite(use);
    noticeSuite(use);
    auditSuite(use);
    alarmSuite(use);
    deploymentSuite(use);
    directorySuite(use);
    transactionSuite(use);
    migrationSuite(() => running.createLocation());
  });
});
