import { onEachBackend } from './suites/on-each-backend.ts';
import { planDecisionSuite } from './suites/plan-decision-suite.ts';
import { planSettlingSuite } from './suites/plan-settling-suite.ts';
import { planSuite } from './suites/plan-suite.ts';

onEachBackend((use) => {
  planSuite(use);
  planSettlingSuite(use);
  planDecisionSuite(use);
});
