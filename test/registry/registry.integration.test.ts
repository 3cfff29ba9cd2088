import { accountSuite } from './suites/account-suite.ts';
import { alarmSuite } from './suites/alarm-suite.ts';
import { auditSuite } from './suites/audit-suite.ts';
import { deploymentSuite } from './suites/deployment-suite.ts';
import { directorySuite } from './suites/directory-suite.ts';
import { effectSuite } from './suites/effect-suite.ts';
import { migrationSuite } from './suites/migration-suite.ts';
import { noticeSuite } from './suites/notice-suite.ts';
import { onEachBackend } from './suites/on-each-backend.ts';
import { ownershipSuite } from './suites/ownership-suite.ts';
import { personSuite } from './suites/person-suite.ts';
import { projectionSuite } from './suites/projection-suite.ts';
import { transactionSuite } from './suites/transaction-suite.ts';

onEachBackend((use, running) => {
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
  migrationSuite(() => running().createLocation());
});
