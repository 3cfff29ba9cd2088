import { onEachBackend } from './suites/on-each-backend.ts';
import { requestSuite } from './suites/request-suite.ts';

onEachBackend((use) => {
  requestSuite(use);
});
