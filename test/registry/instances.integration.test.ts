import { instanceSuite } from './suites/instance-suite.ts';
import { onEachBackend } from './suites/on-each-backend.ts';

onEachBackend((use) => {
  instanceSuite(use);
});
