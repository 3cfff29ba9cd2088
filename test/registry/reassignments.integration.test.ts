import { onEachBackend } from './suites/on-each-backend.ts';
import { reassignmentSuite } from './suites/reassignment-suite.ts';

onEachBackend((use) => {
  reassignmentSuite(use);
});
